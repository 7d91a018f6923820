import { Stack, type StackProps } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { KinesisTelemetryExtension } from '../../../src'; // elsewhere: 'cdk-kinesis-telemetry-extension'

export interface StreamStackProps extends StackProps {
  readonly producerAccounts?: string[];
  readonly producerOrganizations?: string[];
}

/** In the account that gathers telemetry: the stream, its key, and who may write to it. */
export class StreamStack extends Stack {
  public readonly stream: kinesis.IStream;

  constructor(scope: Construct, id: string, props: StreamStackProps) {
    super(scope, id, props);
    const { producerAccounts, producerOrganizations } = props;
    const encryptionKey = new kms.Key(this, 'Key', { enableKeyRotation: true });
    const telemetry = new KinesisTelemetryExtension(this, 'Telemetry', {
      streamProps: { encryptionKey, streamName: 'telemetry' }, // a name: the other accounts' apps spell out the ARN
      producerAccounts,
      producerOrganizations,
    });
    this.stream = telemetry.stream;
  }
}
