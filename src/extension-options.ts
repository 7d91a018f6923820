import type { Duration, Size } from 'aws-cdk-lib';
import type { ExtensionLogLevel } from './extension-log-level';
import type { FlushStrategy } from './flush-strategy';
import type { KinesisClientType } from './kinesis-client-type';
import type { PartitionKeyStrategy } from './partition-key-strategy';
import type { RecordFormat } from './record-format';
import type { SelfMetrics } from './self-metrics';
import type { TelemetryType } from './telemetry-type';

/**
 * How Lambda itself gathers events before it hands them to the extension.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api.html#telemetry-api-buffering
 */
export interface BufferingOptions {
  /**
   * The longest time that Lambda holds events back: 25 ms to 30 seconds. The end of an invocation waits in this
   * buffer too, hence the short default.
   *
   * @default Duration.millis(25)
   */
  readonly timeout?: Duration;

  /**
   * How much Lambda gathers: 262,144 to 1,048,576 bytes.
   *
   * @default Size.kibibytes(256)
   */
  readonly maxSize?: Size;

  /**
   * How many events Lambda gathers: 1,000 to 10,000.
   *
   * @default 10000
   */
  readonly maxItems?: number;
}

/**
 * What the extension does inside the function's execution environment. Each option but `denyCloudWatchLogs` becomes an
 * environment variable of the function; only options that are set are written. All values are checked at synth (`KTE_OPTION`), tokens
 * excepted: those the extension checks when it starts.
 */
export interface ExtensionOptions {
  /**
   * Which events are streamed.
   *
   * @default [TelemetryType.PLATFORM, TelemetryType.FUNCTION]
   */
  readonly telemetryTypes?: TelemetryType[];

  /**
   * How Lambda itself gathers events before it hands them to the extension.
   *
   * @default - 25 ms, 256 KiB, 10,000 events
   */
  readonly buffering?: BufferingOptions;

  /**
   * When the extension sends what it holds.
   *
   * @default FlushStrategy.adaptive()
   */
  readonly flushStrategy?: FlushStrategy;

  /**
   * The longest an invocation may wait for Kinesis: 10 ms to 60 seconds.
   *
   * @default Duration.millis(500)
   */
  readonly flushTimeout?: Duration;

  /**
   * How events are laid out in Kinesis records.
   *
   * @default RecordFormat.NDJSON
   */
  readonly recordFormat?: RecordFormat;

  /**
   * What decides the shard that a record goes to.
   *
   * @default PartitionKeyStrategy.RANDOM
   */
  readonly partitionKey?: PartitionKeyStrategy;

  /**
   * Bound on all the memory that events take in the extension, waiting and in flight: 1 MiB to 1 GiB, and not less
   * than `maxRecordSize`. When it is full the oldest events are dropped and counted.
   *
   * @default - 5 % of the function's memory, at least 4 MiB and at most 32 MiB
   */
  readonly maxBufferSize?: Size;

  /**
   * The largest record (data and partition key) that the stream takes: 1 KiB to 10 MiB. Longer events are cut and
   * marked. Above 1 MiB the stream has to allow it: its `MaxRecordSizeInKiB` is 1,024 unless raised.
   *
   * @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
   * @default Size.mebibytes(1)
   */
  readonly maxRecordSize?: Size;

  /**
   * Which client inside the extension writes to Kinesis.
   *
   * @default KinesisClientType.SIGNED
   */
  readonly client?: KinesisClientType;

  /**
   * Static tags that every event carries, strings to strings. They share the 4 KB that Lambda allows for all
   * environment variables of a function.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   * @default - no tags
   */
  readonly tags?: Record<string, string>;

  /**
   * From which level on the extension writes about itself to the function's log.
   *
   * @default ExtensionLogLevel.WARN
   */
  readonly logLevel?: ExtensionLogLevel;

  /**
   * Whether the extension writes metrics of its own. `TelemetryMonitoring` makes an alarm of them.
   *
   * They go through the function's log: with `denyCloudWatchLogs` they are lost, which a warning says
   * (`cdk-kinesis-telemetry-extension:self-metrics-denied`).
   *
   * @default SelfMetrics.NONE
   */
  readonly selfMetrics?: SelfMetrics;

  /**
   * Whether the function is kept from writing to CloudWatch Logs, by an explicit deny in its role: the stream is then
   * the only place where its logs arrive, and nobody pays for them twice. The one option that is no variable.
   *
   * Given up with it, for every function that has the role: the Logs tab, Logs Insights and Live Tail, metric filters and
   * subscriptions, metrics in embedded metric format, Lambda Insights, and the lines in which the extension itself
   * tells that it cannot reach Kinesis. A warning says so (`cdk-kinesis-telemetry-extension:cloudwatch-logs-denied`).
   *
   * @default false
   */
  readonly denyCloudWatchLogs?: boolean;

  /**
   * URL of the Kinesis endpoint, for the extension alone: for instance an interface VPC endpoint without private DNS,
   * or a local Kinesis.
   *
   * @default - the public endpoint of the stream's Region
   */
  readonly endpointUrl?: string;
}
