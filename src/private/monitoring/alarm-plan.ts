import { type Duration, Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmThreshold } from '../../alarm-threshold';
import { ArchiveFormat } from '../../archive-format';
import type { TelemetryAlarmThresholds, TelemetryMonitoringProps } from '../../telemetry-monitoring-props';
import * as metrics from './monitored-metrics';

const { GREATER_THAN_THRESHOLD: ABOVE, LESS_THAN_THRESHOLD: BELOW } = cloudwatch.ComparisonOperator;

/** An alarm that may come to be: `threshold` undefined for none unless asked for. */
export interface PlannedAlarm {
  /** Id of the construct: contract, for it makes the logical id. */
  readonly id: string;
  readonly option: keyof TelemetryAlarmThresholds;
  readonly metric: (period: Duration | undefined) => cloudwatch.IMetric;
  readonly threshold?: number;
  readonly comparison: cloudwatch.ComparisonOperator;
  /** M of N periods. */
  readonly datapoints: readonly [number, number];
  /** @default not breaching */
  readonly missingIsBreaching?: boolean;
  readonly description: string;
}

export function plannedAlarms(props: TelemetryMonitoringProps, shardCount: number | undefined): PlannedAlarm[] {
  return [...streamAlarms(props, shardCount), ...archiveAlarms(props), ...functionAlarms(props)];
}

function streamAlarms(props: TelemetryMonitoringProps, shardCount: number | undefined): PlannedAlarm[] {
  const { stream, archive } = props;
  const alarms: PlannedAlarm[] = [
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
  if (shardCount !== undefined) {
    alarms.push({
      id: 'ShardPressure',
      option: 'shardPressurePercent',
      metric: (period) => metrics.shardPressurePercent(stream, shardCount, period),
      threshold: 80,
      comparison: ABOVE,
      datapoints: [3, 5],
      description: 'The shards of the telemetry stream are nearly full: add some, or go on-demand',
    });
  }
  return [...alarms, ...droppedEventsAlarm(props)];
}

function droppedEventsAlarm({ stream, droppedEventsMetric, selfMetrics }: TelemetryMonitoringProps): PlannedAlarm[] {
  if (!droppedEventsMetric && !selfMetrics) return [];
  return [
    {
      id: 'DroppedEvents',
      option: 'droppedEvents',
      metric: (period) => droppedEventsMetric ?? metrics.eventsDropped(stream, period),
      threshold: 0,
      comparison: ABOVE,
      // What goes through a log may come late, after its own period has been looked at.
      datapoints: droppedEventsMetric ? [1, 1] : [1, 3],
      description: 'The extension had to drop events; the ledger (extension.stats) says why',
    },
  ];
}

function archiveAlarms({ archive }: TelemetryMonitoringProps): PlannedAlarm[] {
  if (!archive) return [];
  const alarms: PlannedAlarm[] = [
    {
      id: 'ArchiveLate',
      option: 'archiveLateSeconds',
      metric: (period) => archive.metricDataFreshness({ period }),
      threshold: Math.max(900, 2 * archive._bufferSeconds),
      comparison: ABOVE,
      datapoints: [3, 3],
      description: 'Telemetry waits too long for its way into the archive',
    },
    {
      id: 'ArchiveBehind',
      option: 'archiveBehindMs',
      metric: (period) => archive.metric('KinesisMillisBehindLatest', { statistic: 'Maximum', period }),
      threshold: 900_000,
      comparison: ABOVE,
      datapoints: [3, 5],
      description: 'Firehose is behind in reading the telemetry stream',
    },
    {
      id: 'ArchiveFailing',
      option: 'archiveSuccess',
      metric: (period) => archive.metricDeliverySuccess({ period }),
      threshold: 1,
      comparison: BELOW,
      datapoints: [3, 5],
      description: 'Firehose cannot write to the archive: see its log group, its rights and the bucket',
    },
  ];
  if (archive._format === ArchiveFormat.PARQUET) {
    alarms.push({
      id: 'ArchiveConversionFailed',
      option: 'archiveConversionFailed',
      metric: (period) => archive.metric('FailedConversion.Records', { statistic: 'Sum', period }),
      threshold: 0,
      comparison: ABOVE,
      datapoints: [1, 1],
      description: 'Firehose cannot convert records to Parquet; they lie under errors/ in the archive',
    });
  }
  return alarms;
}

function functionAlarms({ functions = [] }: TelemetryMonitoringProps): PlannedAlarm[] {
  return functions.flatMap((fn): PlannedAlarm[] => {
    const name = Names.nodeUniqueId(fn.node);
    return [
      {
        id: `ExtensionOverhead-${name}`,
        option: 'extensionOverheadMs',
        metric: (period) => metrics.extensionOverheadMs(fn, period),
        threshold: 1_000,
        comparison: ABOVE,
        datapoints: [3, 5],
        description: `Extensions lengthen the invocations of ${fn.node.path}`,
      },
      {
        id: `FunctionErrors-${name}`,
        option: 'functionErrorPercent',
        metric: (period) => metrics.functionErrorPercent(fn, period),
        comparison: ABOVE,
        datapoints: [2, 3],
        description: `Invocations of ${fn.node.path} end with errors`,
      },
    ];
  });
}

/** The alarm as the user wants it; undefined for none. */
export function alarmProps(
  planned: PlannedAlarm,
  wanted: AlarmThreshold | undefined,
  defaults: boolean,
): cloudwatch.AlarmProps | undefined {
  const threshold = wanted ? wanted._value : defaults ? planned.threshold : undefined;
  if (threshold === undefined) return undefined;
  const { evaluationPeriods, datapointsToAlarm, period } = wanted?._options ?? {};
  const [datapoints, periods] = planned.datapoints;
  return {
    metric: planned.metric(period),
    threshold,
    comparisonOperator: planned.comparison,
    evaluationPeriods: evaluationPeriods ?? Math.max(periods, datapointsToAlarm ?? 0),
    datapointsToAlarm: datapointsToAlarm ?? Math.min(datapoints, evaluationPeriods ?? periods),
    treatMissingData: planned.missingIsBreaching
      ? cloudwatch.TreatMissingData.BREACHING
      : cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: planned.description,
  };
}
