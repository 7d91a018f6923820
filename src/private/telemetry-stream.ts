import { RemovalPolicy } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { telemetryError } from './errors';

/** The stream that was given, or a new one: on-demand, encrypted, retained. */
export function telemetryStream(
  scope: Construct,
  id: string,
  given: kinesis.IStream | undefined,
  props: kinesis.StreamProps | undefined,
): kinesis.IStream {
  if (given && props) {
    throw telemetryError(scope, {
      code: 'KTE_STREAM',
      wrong: '"stream" and "streamProps" exclude each other',
      found: 'both',
      allowed: '"stream" (yours), "streamProps" (ours, your way), or neither',
      instead: 'take one of the two out',
    });
  }
  return given ?? new kinesis.Stream(scope, id, withDefaults(props ?? {}));
}

/** Each default steps back where a prop given by the user implies another value. */
function withDefaults(props: kinesis.StreamProps): kinesis.StreamProps {
  return {
    ...props,
    streamMode:
      props.streamMode ??
      (props.shardCount === undefined ? kinesis.StreamMode.ON_DEMAND : kinesis.StreamMode.PROVISIONED),
    // explicit: CDK's own default is a condition on the Region, which rule packs take for "not encrypted"
    encryption:
      props.encryption ?? (props.encryptionKey ? kinesis.StreamEncryption.KMS : kinesis.StreamEncryption.MANAGED),
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
  };
}
