import { join } from 'node:path';
import { Duration, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionSettings } from './function-settings';

/** A function that reads the stream as its event source, and splits the records with the decoder of this package. */
export class TelemetryWatcher extends Construct {
  public readonly fn: lambda.Function;
  /** Where batches go that the function could not read. */
  public readonly unread: sqs.Queue;

  constructor(scope: Construct, id: string, props: { readonly stream: kinesis.IStream; readonly key: kms.IKey }) {
    super(scope, id);
    const { stream, key } = props;
    this.unread = new sqs.Queue(this, 'Unread', {
      encryptionMasterKey: key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.fn = new NodejsFunction(this, 'Function', {
      ...functionSettings(this, '', {
        description: 'Says which invocations failed',
        key,
        statements: [
          new iam.PolicyStatement({ actions: READ_ACTIONS, resources: [stream.streamArn] }),
          new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.unread.queueArn] }),
          new iam.PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
        ],
      }),
      entry: join(__dirname, 'watcher/index.ts'),
    });
    Tags.of(this.fn).add('kinesis-telemetry', 'off'); // or it would read what it writes, for ever
    // not KinesisEventSource, which gives its rights as an inline policy
    new lambda.EventSourceMapping(this, 'Source', {
      target: this.fn,
      eventSourceArn: stream.streamArn,
      startingPosition: lambda.StartingPosition.LATEST,
      maxBatchingWindow: Duration.seconds(1),
      bisectBatchOnError: true,
      retryAttempts: 3,
      onFailure: { bind: () => ({ destination: this.unread.queueArn }) },
    });
  }
}

const READ_ACTIONS = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];
