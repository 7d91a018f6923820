import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import { KinesisTelemetryExtension } from '../../../src'; // elsewhere: 'cdk-kinesis-telemetry-extension'

/** Reads the stream; finds it by the same parameters. */
export class ConsumerStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const telemetry = KinesisTelemetryExtension.fromParameters(this, 'Telemetry');
    const consumer = new NodejsFunction(this, 'Consumer', {
      runtime: lambda.Runtime.NODEJS_22_X,
      entry: join(__dirname, 'consumer', 'handler.ts'),
      timeout: Duration.seconds(30),
    });
    telemetry.grantRead(consumer);
    consumer.addEventSource(
      new KinesisEventSource(telemetry.stream, {
        startingPosition: lambda.StartingPosition.LATEST,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 3, // a record that cannot be worked off must not hold up its shard
      }),
    );
  }
}
