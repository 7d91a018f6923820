import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import {
  ExtensionLogLevel,
  FlushStrategy,
  KinesisTelemetryExtension,
  RecordFormat,
  TelemetryType,
} from 'cdk-kinesis-telemetry-extension';

const app = new App();
const fn = (stack, id) =>
  new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => console.log("hello");'),
  });

const producer = new Stack(app, 'Producer');
new KinesisTelemetryExtension(producer, 'Plain').addToFunction(fn(producer, 'PlainFunction'));
const tuned = new KinesisTelemetryExtension(producer, 'Tuned', {
  parameterPrefix: '/telemetry/tuned',
  streamProps: { shardCount: 2, removalPolicy: RemovalPolicy.DESTROY },
  options: {
    flushStrategy: FlushStrategy.periodic(Duration.seconds(2)),
    recordFormat: RecordFormat.NDJSON_GZIP,
    telemetryTypes: [TelemetryType.FUNCTION],
    buffering: { maxItems: 1000 },
    tags: { stage: 'prod', team: 'shop' },
  },
});
tuned.addToFunction(fn(producer, 'TunedFunction'), {
  flushTimeout: Duration.millis(200),
  logLevel: ExtensionLogLevel.DEBUG,
});

const consumer = new Stack(app, 'Consumer');
const shared = KinesisTelemetryExtension.fromParameters(consumer, 'Shared');
shared.addToFunction(fn(consumer, 'SharedFunction'));

app.synth();
