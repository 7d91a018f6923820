import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { KinesisTelemetryExtension } from '../../../src'; // in an app of your own: 'cdk-kinesis-telemetry-extension'

/** A stream, the extension that writes to it, and a function that carries the extension. */
export class TelemetryApiKinesisExtensionStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    // Everything with a fixed name: easy to find by hand, but one deployment per account and Region.
    const telemetry = new KinesisTelemetryExtension(this, 'Telemetry', {
      streamProps: { streamName: 'telemetry-kinesis-stream', removalPolicy: RemovalPolicy.DESTROY },
      layerVersionName: 'kinesis-telemetry-api-extension',
      managedPolicyName: 'kinesis-telemetry-api-extension-managed-policy',
      parameterPrefix: '/telemetry/kinesis', // the default: /telemetry/kinesis/extension/arn and so on
    });

    const fn = new lambda.Function(this, 'SampleFunction', {
      description: 'Writes a few log lines; its telemetry goes to Kinesis',
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(__dirname, 'lambda')),
      timeout: Duration.seconds(10),
      memorySize: 256,
      loggingFormat: lambda.LoggingFormat.JSON,
      logGroup: new LogGroup(this, 'SampleFunctionLogs', {
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    telemetry.addToFunction(fn);

    new CfnOutput(this, 'SampleFunctionName', { value: fn.functionName });
    new CfnOutput(this, 'StreamName', { value: telemetry.stream.streamName });
  }
}
