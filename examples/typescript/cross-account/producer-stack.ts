import { join } from 'node:path';
import { Stack, type StackProps } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { KinesisTelemetryExtension } from '../../../src'; // elsewhere: 'cdk-kinesis-telemetry-extension'

export interface ProducerStackProps extends StackProps {
  readonly streamArn: string;
  readonly keyArn: string;
}

/** In an account with functions: a layer and a policy of its own over the other account's stream. */
export class ProducerStack extends Stack {
  constructor(scope: Construct, id: string, props: ProducerStackProps) {
    super(scope, id, props);
    const stream = kinesis.Stream.fromStreamAttributes(this, 'Stream', {
      streamArn: props.streamArn,
      encryptionKey: kms.Key.fromKeyArn(this, 'Key', props.keyArn), // functions get the right to use it for this stream
    });
    const telemetry = new KinesisTelemetryExtension(this, 'Telemetry', { stream });

    const fn = new lambda.Function(this, 'Function', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(__dirname, '../telemetry-stack/lambda')),
    });
    telemetry.addToFunction(fn);
  }
}
