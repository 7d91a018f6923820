import { Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { plannedAlarms } from './private/monitoring/alarm-plan';
import { monitoringWidgets } from './private/monitoring/monitoring-widgets';
import { alarmProps } from './private/monitoring/planned-alarm';
import { checkDroppedEvents, warnOnMissingSelfMetrics } from './private/monitoring/self-metrics-check';
import { streamResource } from './private/stream-resource';
import { WARNING, warn } from './private/warnings';
import type { TelemetryMonitoringProps } from './telemetry-monitoring-props';

/**
 * Alarms that wake somebody when telemetry stops, and a dashboard. Each alarm costs money (USD 0.10 a month in most
 * Regions; those with an expression count as so many metrics): this construct makes them, no other of this library does.
 *
 * @example
 * new TelemetryMonitoring(this, 'Monitoring', {
 *   stream: telemetry.stream,
 *   alarmActions: [new actions.SnsAction(topic)],
 *   thresholds: { silence: AlarmThreshold.of(1), recordsFailed: AlarmThreshold.off() },
 * });
 */
export class TelemetryMonitoring extends Construct {
  /**
   * The alarms, in the order of the documentation.
   */
  public readonly alarms: cloudwatch.Alarm[];

  /**
   * The dashboard; undefined unless asked for.
   */
  public readonly dashboard?: cloudwatch.Dashboard;

  private readonly props: TelemetryMonitoringProps;

  /**
   * @param scope the construct that bears the monitoring
   * @param id its id
   * @param props the stream, and what else to look at
   */
  constructor(scope: Construct, id: string, props: TelemetryMonitoringProps) {
    super(scope, id);
    this.props = props;
    const { thresholds = {}, defaultAlarms = true, alarmActions = [] } = props;
    checkDroppedEvents(this, props);
    this.alarms = plannedAlarms(props, shardCountOf(props)).flatMap((planned) => {
      const made = alarmProps(planned, thresholds[planned.option], defaultAlarms);
      return made ? new cloudwatch.Alarm(this, planned.id, made) : [];
    });
    for (const alarm of this.alarms) alarm.addAlarmAction(...alarmActions);
    if (this.alarms.length > 0 && alarmActions.length === 0) {
      warn(
        this,
        WARNING.alarmsWithoutActions,
        `${this.alarms.length} alarms tell nobody: give "alarmActions", for example new SnsAction(topic)`,
      );
    }
    if (props.selfMetrics) warnOnMissingSelfMetrics(this, props);
    if (props.dashboard) this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', { widgets: this.widgets() });
  }

  /**
   * The widgets, in rows, for a dashboard of your own.
   */
  public widgets(): cloudwatch.IWidget[][] {
    return monitoringWidgets(this.props);
  }
}

/** On-demand streams have none. */
function shardCountOf({ stream, shardCount }: TelemetryMonitoringProps): number | undefined {
  if (shardCount !== undefined) return shardCount;
  const count = streamResource(stream)?.shardCount;
  return Token.isUnresolved(count) ? undefined : count;
}
