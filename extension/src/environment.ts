export const PREFIX = 'KINESIS_TELEMETRY_';

/**
 * The environment variables of the extension: the only contract between the construct library and the extension.
 * `src/` never imports this file (jsii would compile the extension with it); it repeats the names, and
 * test/construct/environment-contract.test.ts proves that both sides agree.
 */
export const ENVIRONMENT = {
  /** Stream name or ARN. With an ARN, its Region is used. Required. */
  stream: `${PREFIX}STREAM`,
  /** URL of the Kinesis endpoint, for this extension alone. */
  endpoint: `${PREFIX}ENDPOINT`,
  /** Telemetry types, comma-separated: `platform`, `function`, `extension`. */
  types: `${PREFIX}TYPES`,
  /** Lambda's own buffering before it posts to us: time in ms, 25 to 30,000. */
  bufferTimeoutMs: `${PREFIX}BUFFER_TIMEOUT_MS`,
  /** Lambda's own buffering: bytes, 262,144 to 1,048,576. */
  bufferMaxBytes: `${PREFIX}BUFFER_MAX_BYTES`,
  /** Lambda's own buffering: events, 1,000 to 10,000. */
  bufferMaxItems: `${PREFIX}BUFFER_MAX_ITEMS`,
  /** `adaptive`, `end-of-invocation`, `next-invocation` or `periodic:<ms>`. */
  flush: `${PREFIX}FLUSH`,
  /** The longest an invocation may wait for Kinesis, in ms. */
  flushTimeoutMs: `${PREFIX}FLUSH_TIMEOUT_MS`,
  /** `ndjson`, `json` or `ndjson-gzip`. */
  recordFormat: `${PREFIX}RECORD_FORMAT`,
  /** `random`, `instance` or `request`. */
  partitionKey: `${PREFIX}PARTITION_KEY`,
  /** Bound on everything the extension holds, in bytes. */
  maxBufferBytes: `${PREFIX}MAX_BUFFER_BYTES`,
  /** Largest Kinesis record (data and partition key) the stream takes, in bytes. */
  maxRecordBytes: `${PREFIX}MAX_RECORD_BYTES`,
  /** `signed` or `sdk`. */
  client: `${PREFIX}CLIENT`,
  /** Static tags: a JSON object of strings. */
  tags: `${PREFIX}TAGS`,
  /** `debug`, `info`, `warn`, `error` or `off`. */
  logLevel: `${PREFIX}LOG_LEVEL`,
  /** Metrics of the extension itself: `none` or `emf`. */
  selfMetrics: `${PREFIX}SELF_METRICS`,
} as const;
