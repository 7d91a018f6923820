import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { AlarmThreshold } from './alarm-threshold';
import type { TelemetryArchive } from './telemetry-archive';

/**
 * The thresholds of the alarms. `AlarmThreshold.off()` leaves an alarm out.
 */
export interface TelemetryAlarmThresholds {
  /**
   * Calls that Kinesis refused because the stream was full, a minute. The extension sends again: load, not loss.
   *
   * @default - more than 0 in 3 of 5 minutes
   */
  readonly writesThrottled?: AlarmThreshold;

  /**
   * Records that Kinesis failed to take, a minute. Single ones are normal, and sent again.
   *
   * @default - more than 0 in 3 of 5 minutes
   */
  readonly recordsFailed?: AlarmThreshold;

  /**
   * Records taken, in percent of those sent.
   *
   * @default - less than 99 in 3 of 5 minutes
   */
  readonly writeSuccessPercent?: AlarmThreshold;

  /**
   * Use of the shards by bytes or records, whichever is more, in percent: for provisioned streams.
   *
   * @default - more than 80 in 3 of 5 minutes where the number of shards is known
   */
  readonly shardPressurePercent?: AlarmThreshold;

  /**
   * How far the slowest consumer is behind, in milliseconds. A consumer that is behind by the retention loses events.
   *
   * @default - with `archive` more than 12 hours (half of 24 hours of retention) in 3 of 5 minutes, otherwise off
   */
  readonly consumerLateMs?: AlarmThreshold;

  /**
   * Records that reach the stream, in 15 minutes: for functions that are never idle. No data is an alarm too.
   *
   * @default - off; `AlarmThreshold.of(1)` for less than 1
   */
  readonly silence?: AlarmThreshold;

  /**
   * Age of the oldest event that is not in S3 yet, in seconds.
   *
   * @default - with `archive` more than 900, or twice the buffer interval, in 3 of 3 times 5 minutes
   */
  readonly archiveLateSeconds?: AlarmThreshold;

  /**
   * How far Firehose is behind in reading the stream, in milliseconds.
   *
   * @default - with `archive` more than 900,000 in 3 of 5 times 5 minutes
   */
  readonly archiveBehindMs?: AlarmThreshold;

  /**
   * Share of Firehose's writes to S3 that succeeded, from 0 to 1.
   *
   * @default - with `archive` less than 1 in 3 of 5 times 5 minutes
   */
  readonly archiveSuccess?: AlarmThreshold;

  /**
   * Records that Firehose could not convert to Parquet, in 5 minutes; they lie under `errors/`.
   *
   * @default - with an `archive` in Parquet more than 0 in 1 of 1
   */
  readonly archiveConversionFailed?: AlarmThreshold;

  /**
   * What extensions added to a function's invocations (PostRuntimeExtensionsDuration), 99th percentile, in
   * milliseconds, for each of `functions`.
   *
   * @default - with `functions` more than 1000 in 3 of 5 times 5 minutes
   */
  readonly extensionOverheadMs?: AlarmThreshold;

  /**
   * Invocations that ended with an error, in percent, for each of `functions`.
   *
   * @default - off; `AlarmThreshold.of(5)` for more than 5 in 2 of 3 times 5 minutes
   */
  readonly functionErrorPercent?: AlarmThreshold;

  /**
   * Events that the extension has dropped by its own account, for `selfMetrics` or `droppedEventsMetric`: without
   * either a threshold is an error (`KTE_ALARM_METRIC`).
   *
   * @default - with `selfMetrics` more than 0 in 1 of 3 times 5 minutes, with `droppedEventsMetric` more than 0 in 1 of 1
   */
  readonly droppedEvents?: AlarmThreshold;
}

/**
 * Properties of `TelemetryMonitoring`.
 */
export interface TelemetryMonitoringProps {
  /**
   * The stream with the telemetry.
   */
  readonly stream: kinesis.IStream;

  /**
   * The archive of the stream.
   *
   * @default - no alarms and widgets of an archive
   */
  readonly archive?: TelemetryArchive;

  /**
   * Functions with the extension.
   *
   * @default - no alarms and widgets of functions
   */
  readonly functions?: lambda.IFunction[];

  /**
   * How many shards the stream has.
   *
   * @default - the `shardCount` of a stream of this app, none for an on-demand one
   */
  readonly shardCount?: number;

  /**
   * Whether to look at the extension's own metrics: an alarm on dropped events (`droppedEvents`), and widgets.
   *
   * The extension writes them where its option `selfMetrics` is `SelfMetrics.EMF`, in the account and Region of the
   * function. Functions of this app that write to the stream without that option are listed in a warning
   * (`cdk-kinesis-telemetry-extension:self-metrics-missing`).
   *
   * @default false
   */
  readonly selfMetrics?: boolean;

  /**
   * A metric of the events that the extension dropped, instead of the one of `selfMetrics`: what your consumer, or a metric filter, makes of the counter
   * `dropped` in the ledger (events of the type `extension.stats`).
   *
   * @default - no such alarm
   */
  readonly droppedEventsMetric?: cloudwatch.IMetric;

  /**
   * Thresholds other than the default ones.
   *
   * @default - see each of them
   */
  readonly thresholds?: TelemetryAlarmThresholds;

  /**
   * Whether alarms have default thresholds. With `false` those alone are made that `thresholds` names.
   *
   * @default true
   */
  readonly defaultAlarms?: boolean;

  /**
   * Who is told of an alarm.
   *
   * @default - nobody, with a warning
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * Whether to make a dashboard. `widgets()` are for one of your own.
   *
   * @default false
   */
  readonly dashboard?: boolean;
}
