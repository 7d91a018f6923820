import { Stack, Token, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ExtensionLogLevel } from '../extension-log-level';
import type { ExtensionOptions } from '../extension-options';
import { KinesisClientType } from '../kinesis-client-type';
import { PartitionKeyStrategy } from '../partition-key-strategy';
import { RecordFormat } from '../record-format';
import { SelfMetrics } from '../self-metrics';
import { TelemetryType } from '../telemetry-type';
import { durationInMs, oneOf, optionError, sizeInBytes, wholeNumber } from './validation';

/** The contract with the extension: extension/src/environment.ts has the same names, and a test compares the two. */
export const VARIABLE = {
  stream: 'KINESIS_TELEMETRY_STREAM',
  endpoint: 'KINESIS_TELEMETRY_ENDPOINT',
  types: 'KINESIS_TELEMETRY_TYPES',
  bufferTimeoutMs: 'KINESIS_TELEMETRY_BUFFER_TIMEOUT_MS',
  bufferMaxBytes: 'KINESIS_TELEMETRY_BUFFER_MAX_BYTES',
  bufferMaxItems: 'KINESIS_TELEMETRY_BUFFER_MAX_ITEMS',
  flush: 'KINESIS_TELEMETRY_FLUSH',
  flushTimeoutMs: 'KINESIS_TELEMETRY_FLUSH_TIMEOUT_MS',
  recordFormat: 'KINESIS_TELEMETRY_RECORD_FORMAT',
  partitionKey: 'KINESIS_TELEMETRY_PARTITION_KEY',
  maxBufferBytes: 'KINESIS_TELEMETRY_MAX_BUFFER_BYTES',
  maxRecordBytes: 'KINESIS_TELEMETRY_MAX_RECORD_BYTES',
  client: 'KINESIS_TELEMETRY_CLIENT',
  tags: 'KINESIS_TELEMETRY_TAGS',
  logLevel: 'KINESIS_TELEMETRY_LOG_LEVEL',
  selfMetrics: 'KINESIS_TELEMETRY_SELF_METRICS',
} as const;

type Values = Partial<Record<keyof typeof VARIABLE, string | number>>;

const MIB = 1_048_576;
const MAX_VARIABLES_BYTES = 4_096; // Lambda quota: all environment variables of a function together

/** Checks the options and renders those that are set as environment variables. */
export function extensionEnvironment(scope: IConstruct, options: ExtensionOptions): Record<string, string> {
  const values: Values = {
    types: given(options.telemetryTypes, (types) => telemetryTypes(scope, types)),
    ...buffering(scope, options),
    flush: options.flushStrategy?._toVariable(scope),
    flushTimeoutMs: given(options.flushTimeout, (time) => durationInMs(scope, 'flushTimeout', time, 10, 60_000)),
    recordFormat: given(options.recordFormat, (format) => oneOf(scope, 'recordFormat', format, RecordFormat)),
    partitionKey: given(options.partitionKey, (key) => oneOf(scope, 'partitionKey', key, PartitionKeyStrategy)),
    ...sizes(scope, options),
    client: given(options.client, (client) => oneOf(scope, 'client', client, KinesisClientType)),
    tags: given(options.tags, (tags) => tagsJson(scope, tags)),
    logLevel: given(options.logLevel, (level) => oneOf(scope, 'logLevel', level, ExtensionLogLevel)),
    selfMetrics: given(options.selfMetrics, (metrics) => oneOf(scope, 'selfMetrics', metrics, SelfMetrics)),
    endpoint: given(options.endpointUrl, (url) => endpointUrl(scope, url)),
  };
  const environment: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    environment[VARIABLE[key as keyof typeof VARIABLE]] =
      typeof value === 'number' ? Tokenization.stringifyNumber(value) : value;
  }
  return environment;
}

function buffering(scope: IConstruct, { buffering }: ExtensionOptions): Values {
  return {
    bufferTimeoutMs: given(buffering?.timeout, (t) => durationInMs(scope, 'buffering.timeout', t, 25, 30_000)),
    bufferMaxBytes: given(buffering?.maxSize, (s) => sizeInBytes(scope, 'buffering.maxSize', s, 262_144, MIB)),
    bufferMaxItems: given(buffering?.maxItems, (n) => wholeNumber(scope, 'buffering.maxItems', n, 1_000, 10_000)),
  };
}

function sizes(scope: IConstruct, options: ExtensionOptions): Values {
  const maxBufferBytes = given(options.maxBufferSize, (s) => sizeInBytes(scope, 'maxBufferSize', s, MIB, 1_024 * MIB));
  const maxRecordBytes = given(options.maxRecordSize, (s) => sizeInBytes(scope, 'maxRecordSize', s, 1_024, 10 * MIB));
  if (maxBufferBytes !== undefined && maxRecordBytes !== undefined) {
    const known = !Token.isUnresolved(maxBufferBytes) && !Token.isUnresolved(maxRecordBytes);
    if (known && maxBufferBytes < maxRecordBytes) {
      throw optionError(
        scope,
        'maxBufferSize',
        `${maxBufferBytes} bytes`,
        `at least maxRecordSize, ${maxRecordBytes} bytes`,
      );
    }
  }
  return { maxBufferBytes, maxRecordBytes };
}

function telemetryTypes(scope: IConstruct, types: TelemetryType[]): string {
  if (types.length === 0) {
    throw optionError(scope, 'telemetryTypes', '[]', `at least one of ${Object.values(TelemetryType).join(', ')}`);
  }
  return [...new Set(types.map((type) => oneOf(scope, 'telemetryTypes', type, TelemetryType)))].join(',');
}

function tagsJson(scope: IConstruct, tags: Record<string, string>): string {
  for (const [key, value] of Object.entries(tags)) {
    if (key !== '' && typeof value === 'string') continue;
    throw optionError(
      scope,
      'tags',
      JSON.stringify({ [key]: value }),
      'names that are not empty, values that are strings',
    );
  }
  if (Token.isUnresolved(tags)) return Stack.of(scope).toJsonString(tags);
  const json = JSON.stringify(tags);
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_VARIABLES_BYTES) return json;
  throw optionError(scope, 'tags', `${bytes} bytes of JSON`, `at most ${MAX_VARIABLES_BYTES} bytes of JSON`);
}

function endpointUrl(scope: IConstruct, url: string): string {
  if (Token.isUnresolved(url) || (/^https?:\/\/[^/?#\s]+/.test(url) && URL.canParse(url))) return url;
  throw optionError(
    scope,
    'endpointUrl',
    url,
    'an http or https URL, such as https://vpce-0123.kinesis.eu-west-1.vpce.amazonaws.com',
  );
}

function given<T, R>(value: T | undefined, render: (value: T) => R): R | undefined {
  return value === undefined ? undefined : render(value);
}
