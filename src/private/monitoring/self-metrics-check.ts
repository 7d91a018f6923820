import { Token } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { IConstruct } from 'constructs';
import { SelfMetrics } from '../../self-metrics';
import type { TelemetryMonitoringProps } from '../../telemetry-monitoring-props';
import { afterAspects } from '../after-aspects';
import { attachmentOf } from '../attachment';
import { telemetryError } from '../errors';
import { VARIABLE } from '../extension-environment';
import { type AttachableFunction, isAttachable, rendersAlike } from '../function-target';
import { streamReference } from '../stream-reference';
import { WARNING, warn } from '../warnings';

/** Who names a threshold wants the alarm: to leave it out in silence would be the worst of answers. */
export function checkDroppedEvents(scope: IConstruct, props: TelemetryMonitoringProps): void {
  const { thresholds, selfMetrics, droppedEventsMetric } = props;
  if (thresholds?.droppedEvents?._value === undefined || selfMetrics || droppedEventsMetric) return;
  throw telemetryError(scope, {
    code: 'KTE_ALARM_METRIC',
    wrong: 'there is no metric of dropped events for the alarm',
    found: '"thresholds.droppedEvents" alone',
    allowed: '"thresholds.droppedEvents" with "selfMetrics: true" or with "droppedEventsMetric"',
    instead: 'give the extension SelfMetrics.EMF and the monitoring "selfMetrics: true", or take the threshold out',
  });
}

/** An alarm on metrics that nobody writes is green for ever. What is attached stands fast when the tree is complete. */
export function warnOnMissingSelfMetrics(monitoring: IConstruct, props: TelemetryMonitoringProps): void {
  afterAspects(monitoring, () => {
    const candidates: IConstruct[] = props.functions ?? monitoring.node.root.node.findAll();
    const without = candidates
      .filter((candidate): candidate is AttachableFunction => isAttachable(candidate))
      .filter((fn) => props.functions !== undefined || writesTo(props.stream, fn))
      .filter(lacksSelfMetrics);
    if (without.length === 0) return;
    // a SingletonFunction and the function behind it are one
    const paths = [...new Set(without.map(({ permissionsNode }) => permissionsNode.path))];
    warn(
      monitoring,
      WARNING.selfMetricsMissing,
      `the extension of ${paths.join(', ')} writes no metrics of its own, so events that it drops raise no alarm: attach it with "selfMetrics: SelfMetrics.EMF"`,
    );
  });
}

function writesTo(stream: kinesis.IStream, fn: AttachableFunction): boolean {
  const attached = attachmentOf(fn)?.[VARIABLE.stream];
  return attached !== undefined && rendersAlike(fn, attached, streamReference(stream, fn));
}

/** Not for functions that are attached by hand: what they have is unknown here. */
function lacksSelfMetrics(fn: AttachableFunction): boolean {
  const attached = attachmentOf(fn);
  if (attached === undefined) return false;
  const value = attached[VARIABLE.selfMetrics];
  return value !== SelfMetrics.EMF && !Token.isUnresolved(value);
}
