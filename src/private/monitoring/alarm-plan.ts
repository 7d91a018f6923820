import { Names } from 'aws-cdk-lib';
import { ArchiveFormat } from '../../archive-format';
import type { TelemetryMonitoringProps } from '../../telemetry-monitoring-props';
import * as metrics from './monitored-metrics';
import { ABOVE, BELOW, type PlannedAlarm } from './planned-alarm';
import { streamAlarms } from './stream-alarms';

/** In the order of docs/alarms.md. */
export function plannedAlarms(props: TelemetryMonitoringProps, shardCount: number | undefined): PlannedAlarm[] {
  return [
    ...streamAlarms(props, shardCount),
    ...archiveAlarms(props),
    ...functionAlarms(props),
    ...droppedEventsAlarm(props),
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
