import { ENVIRONMENT, PREFIX } from './environment';
import { booleanVariable, choice, endpointUrl, Problem, SettingReader, stringMap, wholeNumber } from './setting-values';

export type RecordFormat = 'ndjson' | 'json' | 'ndjson-gzip';
export type PartitionKeyChoice = 'random' | 'instance' | 'request';
export type TelemetryType = 'platform' | 'function' | 'extension';
export type FlushStrategy =
  | { readonly name: 'adaptive' | 'end-of-invocation' | 'next-invocation' }
  | { readonly name: 'periodic'; readonly intervalMs: number };
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'off';

/** Everything the user can choose, parsed. Sizes in bytes, times in milliseconds. */
export interface Settings {
  /** Undefined when the variable is missing: telemetry is then off. */
  readonly stream: string | undefined;
  readonly endpoint: string | undefined;
  readonly useFipsEndpoint: boolean;
  readonly useDualStackEndpoint: boolean;
  readonly region: string;
  readonly types: readonly TelemetryType[];
  readonly bufferTimeoutMs: number;
  readonly bufferMaxBytes: number;
  readonly bufferMaxItems: number;
  readonly flush: FlushStrategy;
  readonly flushTimeoutMs: number;
  readonly recordFormat: RecordFormat;
  readonly partitionKey: PartitionKeyChoice;
  readonly maxBufferBytes: number;
  readonly maxRecordBytes: number;
  readonly client: 'signed' | 'sdk';
  readonly tags: Readonly<Record<string, string>>;
  readonly logLevel: LogLevel;
  readonly selfMetrics: 'none' | 'emf';
}

export interface ParsedSettings {
  readonly settings: Settings;
  /** One line for each value that cannot be used, with what is used instead. */
  readonly warnings: readonly string[];
}

const MIB = 1_048_576;
const TYPES: readonly TelemetryType[] = ['platform', 'function', 'extension'];
const STREAM_NAME = /^[a-zA-Z0-9_.-]{1,128}$/; // Kinesis CreateStream
const STREAM_ARN = /^arn:[a-z0-9-]+:kinesis:([a-z0-9-]+):\d{12}:stream\/[a-zA-Z0-9_.-]{1,128}$/;

/** Reads the environment. Never throws: what cannot be used is named in `warnings` and replaced by its default. */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): ParsedSettings {
  const read = new SettingReader(environment);
  const stream = read.optional(ENVIRONMENT.stream, parseStream, 'telemetry is off');
  const settings: Settings = {
    stream,
    endpoint:
      read.optional(
        ENVIRONMENT.endpoint,
        endpointUrl,
        'using AWS_ENDPOINT_URL_KINESIS, AWS_ENDPOINT_URL or the AWS endpoint',
      ) ??
      read.optional('AWS_ENDPOINT_URL_KINESIS', endpointUrl, 'using AWS_ENDPOINT_URL or the AWS endpoint') ??
      read.optional('AWS_ENDPOINT_URL', endpointUrl, 'using the AWS endpoint'),
    useFipsEndpoint: read.value('AWS_USE_FIPS_ENDPOINT', booleanVariable, false),
    useDualStackEndpoint: read.value('AWS_USE_DUALSTACK_ENDPOINT', booleanVariable, false),
    region: STREAM_ARN.exec(stream ?? '')?.[1] ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? '',
    types: read.value(ENVIRONMENT.types, parseTypes, ['platform', 'function']),
    // Ranges: Telemetry API reference, buffering. 25 ms because the end of an invocation waits in that buffer too.
    bufferTimeoutMs: read.value(ENVIRONMENT.bufferTimeoutMs, wholeNumber(25, 30_000), 25),
    bufferMaxBytes: read.value(ENVIRONMENT.bufferMaxBytes, wholeNumber(262_144, MIB), 262_144),
    bufferMaxItems: read.value(ENVIRONMENT.bufferMaxItems, wholeNumber(1_000, 10_000), 10_000),
    flush: read.value(ENVIRONMENT.flush, parseFlush, { name: 'adaptive' }),
    flushTimeoutMs: read.value(ENVIRONMENT.flushTimeoutMs, wholeNumber(10, 60_000), 500),
    recordFormat: read.value(ENVIRONMENT.recordFormat, choice('ndjson', 'json', 'ndjson-gzip'), 'ndjson'),
    partitionKey: read.value(ENVIRONMENT.partitionKey, choice('random', 'instance', 'request'), 'random'),
    maxBufferBytes: read.value(
      ENVIRONMENT.maxBufferBytes,
      wholeNumber(MIB, 1024 * MIB),
      defaultMaxBufferBytes(environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE),
    ),
    // 10 MiB is the service's ceiling; the stream's own limit (MaxRecordSizeInKiB) is 1 MiB unless raised.
    maxRecordBytes: read.value(ENVIRONMENT.maxRecordBytes, wholeNumber(1_024, 10 * MIB), MIB),
    client: read.value(ENVIRONMENT.client, choice('signed', 'sdk'), 'signed'),
    tags: read.value(ENVIRONMENT.tags, stringMap, {}),
    logLevel: read.value(ENVIRONMENT.logLevel, choice('debug', 'info', 'warn', 'error', 'off'), 'warn'),
    selfMetrics: read.value(ENVIRONMENT.selfMetrics, choice('none', 'emf'), 'none'),
  };
  return { settings, warnings: [...read.warnings, ...unknownVariables(environment)] };
}

/** 5 % of the function's memory, at least 4 MiB and at most 32 MiB (design rule 6). */
function defaultMaxBufferBytes(memorySizeMb: string | undefined): number {
  const share = Math.floor(Number(memorySizeMb ?? 128) * MIB * 0.05);
  return Math.min(Math.max(Number.isFinite(share) ? share : 0, 4 * MIB), 32 * MIB);
}

function parseStream(text: string): string | Problem {
  if (STREAM_NAME.test(text) || STREAM_ARN.test(text)) return text;
  return new Problem('a stream name (1 to 128 of a-z A-Z 0-9 _ . -) or a stream ARN');
}

function parseTypes(text: string): readonly TelemetryType[] | Problem {
  const given = text
    .split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '');
  const known = TYPES.filter((type) => given.includes(type));
  if (known.length > 0 && given.every((type) => TYPES.includes(type as TelemetryType))) return known;
  return new Problem(`a comma-separated list of ${TYPES.join(', ')}`);
}

function parseFlush(text: string): FlushStrategy | Problem {
  if (text === 'adaptive' || text === 'end-of-invocation' || text === 'next-invocation') return { name: text };
  const intervalMs = /^periodic:(\d+)$/.exec(text)?.[1];
  if (intervalMs !== undefined && Number(intervalMs) >= 10 && Number(intervalMs) <= 900_000) {
    return { name: 'periodic', intervalMs: Number(intervalMs) };
  }
  return new Problem('adaptive, end-of-invocation, next-invocation or periodic:<10 to 900000 ms>');
}

/** A mistyped name would otherwise be ignored in silence. */
function unknownVariables(environment: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set<string>(Object.values(ENVIRONMENT));
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.has(name))
    .map((name) => `${name} is not a variable of this extension and has no effect; known are ${[...known].join(', ')}`);
}
