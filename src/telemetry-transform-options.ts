import type { Duration, Size } from 'aws-cdk-lib';
import type { TelemetryLogLevel } from './telemetry-log-level';

/**
 * A Lambda function between stream and archive that filters, flattens and tags. Values are checked at synth
 * (`KTE_OPTION`); one that would change nothing, or keep nothing, is refused (`KTE_ARCHIVE_TRANSFORM`).
 *
 * What a function need not send at all is cheaper left out at the source: `ExtensionOptions.telemetryTypes`.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export interface TelemetryTransformOptions {
  /**
   * Types of events that are archived, as in the key `type`: `function`, `platform.report`; `platform` stands for all that
   * begin with `platform.`. The ledgers of the extension (`extension.stats`) always are.
   *
   * @default - all types
   */
  readonly includeTypes?: string[];

  /**
   * Types of events that are not archived, even if they are among `includeTypes`.
   *
   * @default - none
   */
  readonly excludeTypes?: string[];

  /**
   * Log lines below it are not archived. The level of a line is the key `level` of a JSON log (names, or the numbers of
   * pino), or what Lambda's runtimes for Node.js and Python write into text; a line without any stays.
   *
   * @default - log lines of all levels
   */
  readonly minimumLevel?: TelemetryLogLevel;

  /**
   * Whether events get the columns `level`, of log lines, and `attributes`: the nested `record` as one flat map of strings, with
   * names such as `metrics.durationMs`. `record` stays, for the named queries.
   *
   * @default true
   */
  readonly flatten?: boolean;

  /**
   * Tags that every event gets in `tags`. Where a function has given its events a tag of the same name, that one stays.
   *
   * @default - no tags
   */
  readonly tags?: Record<string, string>;

  /**
   * How much Firehose gathers for one invocation: 0.2 to 3 MiB. Lambda takes and gives back no more than 6 MB, as base64:
   * the larger this is, the less may events grow by tags and attributes. Records that would not fit go on as they are.
   *
   * @default Size.mebibytes(1)
   */
  readonly bufferSize?: Size;

  /**
   * The longest Firehose gathers for one invocation: 0 to 900 seconds, in whole seconds. It comes before
   * `bufferInterval` of the archive.
   *
   * @default Duration.minutes(1)
   */
  readonly bufferInterval?: Duration;

  /**
   * How many times Firehose repeats an invocation that failed: 0 to 300 attempts. After that the batch is kept under `errors/`.
   *
   * @default 3
   */
  readonly retries?: number;

  /**
   * Memory of the function: 128 to 10,240 MiB, in whole MiB.
   *
   * @default Size.mebibytes(512)
   */
  readonly memorySize?: Size;

  /**
   * The longest an invocation may take: 1 to 300 seconds, in whole seconds. Firehose waits no longer than five minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;
}
