import { CfnParameter, Duration, Lazy, Size, type Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
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
} from '../../../src';
import { errorOf, newFunction, newStack, variablesOf } from '../fixture';

function rendered(options: ExtensionOptions, stack: Stack = newStack()): Record<string, unknown> {
  new KinesisTelemetryExtension(stack, 'Telemetry', { options }).addToFunction(newFunction(stack));
  return variablesOf(stack);
}

const renderings: [ExtensionOptions, string, string][] = [
  [{ telemetryTypes: [TelemetryType.EXTENSION, TelemetryType.PLATFORM] }, 'TYPES', 'extension,platform'],
  [{ telemetryTypes: [TelemetryType.FUNCTION, TelemetryType.FUNCTION] }, 'TYPES', 'function'],
  [{ buffering: { timeout: Duration.seconds(1) } }, 'BUFFER_TIMEOUT_MS', '1000'],
  [{ buffering: { maxSize: Size.mebibytes(1) } }, 'BUFFER_MAX_BYTES', '1048576'],
  [{ buffering: { maxItems: 5000 } }, 'BUFFER_MAX_ITEMS', '5000'],
  [{ flushStrategy: FlushStrategy.adaptive() }, 'FLUSH', 'adaptive'],
  [{ flushStrategy: FlushStrategy.endOfInvocation() }, 'FLUSH', 'end-of-invocation'],
  [{ flushStrategy: FlushStrategy.nextInvocation() }, 'FLUSH', 'next-invocation'],
  [{ flushStrategy: FlushStrategy.periodic(Duration.seconds(10)) }, 'FLUSH', 'periodic:10000'],
  [{ flushTimeout: Duration.seconds(2) }, 'FLUSH_TIMEOUT_MS', '2000'],
  [{ recordFormat: RecordFormat.NDJSON_GZIP }, 'RECORD_FORMAT', 'ndjson-gzip'],
  [{ partitionKey: PartitionKeyStrategy.REQUEST }, 'PARTITION_KEY', 'request'],
  [{ maxBufferSize: Size.mebibytes(8) }, 'MAX_BUFFER_BYTES', '8388608'],
  [{ maxRecordSize: Size.kibibytes(100) }, 'MAX_RECORD_BYTES', '102400'],
  [{ client: KinesisClientType.SDK }, 'CLIENT', 'sdk'],
  [{ tags: { team: 'shop', note: 'a "quoted" word' } }, 'TAGS', '{"team":"shop","note":"a \\"quoted\\" word"}'],
  [{ logLevel: ExtensionLogLevel.DEBUG }, 'LOG_LEVEL', 'debug'],
  [{ selfMetrics: SelfMetrics.EMF }, 'SELF_METRICS', 'emf'],
  [{ endpointUrl: 'http://127.0.0.1:4567' }, 'ENDPOINT', 'http://127.0.0.1:4567'],
];

test.each(renderings)('renders %o as %s', (options, suffix, value) => {
  const stream = { Ref: expect.stringMatching(/^TelemetryStream/) };
  expect(rendered(options)).toEqual({ KINESIS_TELEMETRY_STREAM: stream, [`KINESIS_TELEMETRY_${suffix}`]: value });
});

const refusals: [string, ExtensionOptions, string][] = [
  ['telemetryTypes', { telemetryTypes: [] }, 'at least one of platform, function, extension'],
  ['telemetryTypes', { telemetryTypes: ['logs' as TelemetryType] }, 'platform, function, extension'],
  ['buffering.timeout', { buffering: { timeout: Duration.millis(24) } }, '25 to 30,000'],
  ['buffering.timeout', { buffering: { timeout: Duration.seconds(31) } }, '25 to 30,000'],
  ['buffering.maxSize', { buffering: { maxSize: Size.kibibytes(255) } }, '262,144 to 1,048,576 bytes'],
  ['buffering.maxSize', { buffering: { maxSize: Size.mebibytes(2) } }, '262,144 to 1,048,576 bytes'],
  ['buffering.maxItems', { buffering: { maxItems: 999 } }, '1,000 to 10,000'],
  ['buffering.maxItems', { buffering: { maxItems: 10_001 } }, '1,000 to 10,000'],
  ['buffering.maxItems', { buffering: { maxItems: 1000.5 } }, 'a whole number'],
  ['flushStrategy: periodic', { flushStrategy: FlushStrategy.periodic(Duration.millis(9)) }, '10 to 900,000'],
  ['flushStrategy: periodic', { flushStrategy: FlushStrategy.periodic(Duration.minutes(16)) }, '10 to 900,000'],
  ['flushTimeout', { flushTimeout: Duration.millis(9) }, '10 to 60,000'],
  ['flushTimeout', { flushTimeout: Duration.seconds(61) }, '10 to 60,000'],
  ['recordFormat', { recordFormat: 'xml' as RecordFormat }, 'ndjson, json, ndjson-gzip'],
  ['partitionKey', { partitionKey: 'a0' as PartitionKeyStrategy }, 'random, instance, request'],
  ['maxBufferSize', { maxBufferSize: Size.kibibytes(1023) }, '1,048,576 to 1,073,741,824 bytes'],
  ['maxBufferSize', { maxBufferSize: Size.gibibytes(2) }, '1,048,576 to 1,073,741,824 bytes'],
  ['maxRecordSize', { maxRecordSize: Size.bytes(1023) }, '1,024 to 10,485,760 bytes'],
  ['maxRecordSize', { maxRecordSize: Size.mebibytes(11) }, '1,024 to 10,485,760 bytes'],
  [
    'maxBufferSize',
    { maxBufferSize: Size.mebibytes(2), maxRecordSize: Size.mebibytes(4) },
    'at least maxRecordSize, 4194304 bytes',
  ],
  ['client', { client: 'kpl' as KinesisClientType }, 'signed, sdk'],
  ['tags', { tags: { size: 1 as unknown as string } }, 'values that are strings'],
  ['tags', { tags: { '': 'x' } }, 'names that are not empty'],
  ['tags', { tags: { long: 'x'.repeat(4096) } }, 'at most 4096 bytes'],
  ['logLevel', { logLevel: 'trace' as ExtensionLogLevel }, 'debug, info, warn, error, off'],
  ['selfMetrics', { selfMetrics: 'statsd' as SelfMetrics }, 'none, emf'],
  ['endpointUrl', { endpointUrl: 'kinesis.eu-west-1.amazonaws.com' }, 'an http or https URL'],
];

test.each(refusals)('fails when %s is out of what is allowed: %o', (option, options, allowed) => {
  const error = errorOf(() => new KinesisTelemetryExtension(newStack(), 'Telemetry', { options }));
  expect(error.code).toBe('KTE_OPTION');
  expect(error.message).toContain(`the option "${option}"`);
  expect(error.message).toContain('at:      Stack/Telemetry');
  expect(error.message).toContain(allowed);
});

test('lets tokens through in numbers, durations and sizes', () => {
  const stack = newStack();
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const variables = rendered(
    {
      buffering: { maxItems: number, timeout: Duration.millis(number), maxSize: Size.bytes(number) },
      flushStrategy: FlushStrategy.periodic(Duration.millis(number)),
      maxBufferSize: Size.bytes(number),
      maxRecordSize: Size.bytes(number),
    },
    stack,
  );
  expect(variables.KINESIS_TELEMETRY_BUFFER_MAX_ITEMS).toEqual({ Ref: 'Number' });
  expect(variables.KINESIS_TELEMETRY_BUFFER_TIMEOUT_MS).toEqual({ Ref: 'Number' });
  expect(variables.KINESIS_TELEMETRY_BUFFER_MAX_BYTES).toEqual({ Ref: 'Number' });
  expect(variables.KINESIS_TELEMETRY_FLUSH).toEqual({ 'Fn::Join': ['', ['periodic:', { Ref: 'Number' }]] });
});

test('lets tokens through in strings', () => {
  const stack = newStack();
  const text = new CfnParameter(stack, 'Text').valueAsString;
  const variables = rendered(
    { tags: { stage: text, team: 'shop' }, endpointUrl: text, recordFormat: text as RecordFormat },
    stack,
  );
  expect(variables.KINESIS_TELEMETRY_ENDPOINT).toEqual({ Ref: 'Text' });
  expect(variables.KINESIS_TELEMETRY_RECORD_FORMAT).toEqual({ Ref: 'Text' });
  expect(variables.KINESIS_TELEMETRY_TAGS).toEqual({
    'Fn::Join': ['', ['{"stage":"', { Ref: 'Text' }, '","team":"shop"}']],
  });
});

test('lets lazy values through', () => {
  const variables = rendered({ tags: { stage: Lazy.string({ produce: () => 'later' }) } });
  expect(variables.KINESIS_TELEMETRY_TAGS).toBe('{"stage":"later"}');
});
