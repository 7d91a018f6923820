import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmThreshold } from '../../alarm-threshold';
import type { TelemetryAlarmThresholds } from '../../telemetry-monitoring-props';

export const { GREATER_THAN_THRESHOLD: ABOVE, LESS_THAN_THRESHOLD: BELOW } = cloudwatch.ComparisonOperator;

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
