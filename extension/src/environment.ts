/**
 * The environment variables of the extension: the only contract between the construct library and the extension.
 * `src/` never imports this file (jsii would compile the extension with it); it repeats the names, and
 * test/construct/environment-contract.test.ts proves that both sides agree.
 */
export const ENVIRONMENT = {
  /** Stream name or ARN. With an ARN, its Region is used. Required. */
  stream: 'KINESIS_TELEMETRY_STREAM',
  /** URL of the Kinesis endpoint, for this extension alone. */
  endpoint: 'KINESIS_TELEMETRY_ENDPOINT',
  /** Telemetry types, comma-separated: `platform`, `function`, `extension`. */
  types: 'KINESIS_TELEMETRY_TYPES',
  /** Lambda's own buffering before it posts to us: time in ms, 25 to 30,000. */
  bufferTimeoutMs: 'KINESIS_TELEMETRY_BUFFER_TIMEOUT_MS',
  /** Lambda's own buffering: bytes, 262,144 to 1,048,576. */
  bufferMaxBytes: 'KINESIS_TELEMETRY_BUFFER_MAX_BYTES',
  /** Lambda's own buffering: events, 1,000 to 10,000. */
  bufferMaxItems: 'KINESIS_TELEMETRY_BUFFER_MAX_ITEMS',
  /** `adaptive`, `end-of-invocation`, `next-invocation` or `periodic:<ms>`. */
  flush: 'KINESIS_TELEMETRY_FLUSH',
  /** The longest an invocation may wait for Kinesis, in ms. */
  flushTimeoutMs: 'KINESIS_TELEMETRY_FLUSH_TIMEOUT_MS',
  /** `ndjson`, `json` or `ndjson-gzip`. */
  recordFormat: 'KINESIS_TELEMETRY_RECORD_FORMAT',
  /** `random`, `instance` or `request`. */
  partitionKey: 'KINESIS_TELEMETRY_PARTITION_KEY',
  /** Bound on everything the extension holds, in bytes. */
  maxBufferBytes: 'KINESIS_TELEMETRY_MAX_BUFFER_BYTES',
  /** Largest Kinesis record (data and partition key) the stream takes, in bytes. */
  maxRecordBytes: 'KINESIS_TELEMETRY_MAX_RECORD_BYTES',
  /** `signed` or `sdk`. */
  client: 'KINESIS_TELEMETRY_CLIENT',
  /** Static tags: a JSON object of strings. */
  tags: 'KINESIS_TELEMETRY_TAGS',
  /** `debug`, `info`, `warn`, `error` or `off`. */
  logLevel: 'KINESIS_TELEMETRY_LOG_LEVEL',
  /** Metrics of the extension itself: `none` or `emf`. */
  selfMetrics: 'KINESIS_TELEMETRY_SELF_METRICS',
} as const;
