import { Duration, Size } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { ENVIRONMENT } from '../../extension/src/environment';
import { parseSettings } from '../../extension/src/settings';
import {
  ExtensionLogLevel,
  type ExtensionOptions,
  FlushStrategy,
  KinesisClientType,
  KinesisTelemetryExtension,
  PartitionKeyStrategy,
  RecordFormat,
  SelfMetrics,
  TelemetryType,
} from '../../src';
import { newFunction, newStack, variablesOf } from './fixture';

// `Required` makes the compiler ask for an option here as soon as there is a new one.
type EveryOption = Required<ExtensionOptions> & { buffering: Required<ExtensionOptions['buffering']> };

const SMALLEST: EveryOption = {
  telemetryTypes: [TelemetryType.PLATFORM],
  buffering: { timeout: Duration.millis(25), maxSize: Size.kibibytes(256), maxItems: 1_000 },
  flushStrategy: FlushStrategy.periodic(Duration.millis(10)),
  flushTimeout: Duration.millis(10),
  recordFormat: RecordFormat.JSON,
  partitionKey: PartitionKeyStrategy.INSTANCE,
  maxBufferSize: Size.mebibytes(1),
  maxRecordSize: Size.kibibytes(1),
  client: KinesisClientType.SDK,
  tags: {},
  logLevel: ExtensionLogLevel.OFF,
  selfMetrics: SelfMetrics.NONE,
  denyCloudWatchLogs: false, // a statement of the role, no variable
  endpointUrl: 'http://127.0.0.1:4567',
};

const LARGEST: EveryOption = {
  ...SMALLEST,
  telemetryTypes: Object.values(TelemetryType),
  buffering: { timeout: Duration.seconds(30), maxSize: Size.mebibytes(1), maxItems: 10_000 },
  flushStrategy: FlushStrategy.periodic(Duration.minutes(15)),
  flushTimeout: Duration.seconds(60),
  maxBufferSize: Size.gibibytes(1),
  maxRecordSize: Size.mebibytes(10),
  tags: { team: 'shop' },
  selfMetrics: SelfMetrics.EMF,
};

function variables(options: ExtensionOptions): Record<string, string> {
  const stack = newStack();
  const streamProps = { streamName: 'telemetry' };
  new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps, options }).addToFunction(newFunction(stack));
  return { ...(variablesOf(stack) as Record<string, string>), KINESIS_TELEMETRY_STREAM: 'telemetry' };
}

test('writes exactly the variables that the extension reads', () => {
  expect(Object.keys(variables(LARGEST)).sort()).toEqual(Object.values(ENVIRONMENT).sort());
});

test.each([
  ['smallest', SMALLEST],
  ['largest', LARGEST],
])('allows the %s values that the extension accepts', (_, options) => {
  expect(parseSettings({ AWS_REGION: 'eu-west-1', ...variables(options) }).warnings).toEqual([]);
});

const choices: ExtensionOptions[] = [
  ...Object.values(TelemetryType).map((type) => ({ telemetryTypes: [type] })),
  ...Object.values(RecordFormat).map((recordFormat) => ({ recordFormat })),
  ...Object.values(PartitionKeyStrategy).map((partitionKey) => ({ partitionKey })),
  ...Object.values(KinesisClientType).map((client) => ({ client })),
  ...Object.values(ExtensionLogLevel).map((logLevel) => ({ logLevel })),
  ...Object.values(SelfMetrics).map((selfMetrics) => ({ selfMetrics })),
  { flushStrategy: FlushStrategy.adaptive() },
  { flushStrategy: FlushStrategy.endOfInvocation() },
  { flushStrategy: FlushStrategy.nextInvocation() },
];

test.each(choices)('offers the choice %o, which the extension knows', (options) => {
  expect(parseSettings({ AWS_REGION: 'eu-west-1', ...variables(options) }).warnings).toEqual([]);
});

test('documents the defaults that the extension has', () => {
  const defaults: ExtensionOptions = {
    telemetryTypes: [TelemetryType.PLATFORM, TelemetryType.FUNCTION],
    buffering: { timeout: Duration.millis(25), maxSize: Size.kibibytes(256), maxItems: 10_000 },
    flushStrategy: FlushStrategy.adaptive(),
    flushTimeout: Duration.millis(500),
    recordFormat: RecordFormat.NDJSON,
    partitionKey: PartitionKeyStrategy.RANDOM,
    maxRecordSize: Size.mebibytes(1),
    client: KinesisClientType.SIGNED,
    logLevel: ExtensionLogLevel.WARN,
    selfMetrics: SelfMetrics.NONE,
  };
  expect(parseSettings(variables(defaults)).settings).toEqual(parseSettings(variables({})).settings);
});
