import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { TelemetryMonitoringProps } from '../../telemetry-monitoring-props';
import * as metrics from './monitored-metrics';
import { ABOVE, BELOW, type PlannedAlarm } from './planned-alarm';

/** Of the stream, of what is written to it and of who reads it. */
export function streamAlarms(
  { stream, archive }: TelemetryMonitoringProps,
  shardCount: number | undefined,
): PlannedAlarm[] {
  return [
    {
      id: 'WritesThrottled',
      option: 'writesThrottled',
      metric: (period) => metrics.writesThrottled(stream, period),
      threshold: 0,
      comparison: ABOVE,
      datapoints: [3, 5],
      description: 'Kinesis turns calls away because the telemetry stream is full; the extension sends again',
    },
    {
      id: 'RecordsFailed',
      option: 'recordsFailed',
      metric: (period) => metrics.recordsFailed(stream, period),
      threshold: 0,
      comparison: ABOVE,
      datapoints: [3, 5],
      description: 'Kinesis keeps failing to take telemetry records',
    },
    {
      id: 'WriteSuccess',
      option: 'writeSuccessPercent',
      metric: (period) => metrics.writeSuccessPercent(stream, period),
      threshold: 99,
      comparison: BELOW,
      datapoints: [3, 5],
      description: 'Less of the telemetry records than usual are taken at the first attempt',
    },
    ...shardAlarms(stream, shardCount),
    {
      id: 'ConsumerLate',
      option: 'consumerLateMs',
      metric: (period) => metrics.consumerLateMs(stream, period),
      threshold: archive ? 12 * 3_600_000 : undefined,
      comparison: ABOVE,
      datapoints: [3, 5],
      description: 'A consumer of the telemetry stream is far behind: at the end of the retention it loses events',
    },
    {
      id: 'Silence',
      option: 'silence',
      metric: (period) => metrics.recordsIn(stream, period),
      comparison: BELOW,
      datapoints: [1, 1],
      missingIsBreaching: true,
      description: 'No telemetry arrives any more',
    },
  ];
}

function shardAlarms(stream: kinesis.IStream, shardCount: number | undefined): PlannedAlarm[] {
  if (shardCount === undefined) return [];
  return [
    {
      id: 'ShardPressure',
      option: 'shardPressurePercent',
      metric: (period) => metrics.shardPressurePercent(stream, shardCount, period),
      threshold: 80,
      comparison: ABOVE,
      datapoints: [3, 5],
      description: 'The shards of the telemetry stream are nearly full: add some, or go on-demand',
    },
  ];
}
