import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import {
  TelemetryArchive,
  type TelemetryArchiveProps,
  TelemetryMonitoring,
  type TelemetryMonitoringProps,
} from '../../src';
import { newStack, templateOf } from './fixture';

type Given = Partial<TelemetryMonitoringProps>;

/** A stream, on-demand unless said otherwise, and what looks at it. */
export function monitored(
  given: (stack: Stack, stream: kinesis.Stream) => Given = () => ({}),
  streamProps: kinesis.StreamProps = { streamMode: kinesis.StreamMode.ON_DEMAND },
) {
  const stack = newStack();
  const stream = new kinesis.Stream(stack, 'Stream', streamProps);
  const monitoring = new TelemetryMonitoring(stack, 'Monitoring', { stream, ...given(stack, stream) });
  return { stack, stream, monitoring, template: templateOf(stack) };
}

/** For `monitored`: the archive of the stream. */
export function withArchive(props: Partial<TelemetryArchiveProps> = {}) {
  return (stack: Stack, stream: kinesis.Stream): Given => ({
    archive: new TelemetryArchive(stack, 'Archive', { stream, ...props }),
  });
}

/** Properties of each alarm by the id it has in the construct. */
// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
export function alarmsOf(template: Template): Record<string, any> {
  return Object.fromEntries(
    Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => [
      id.replace(/^Monitoring/, '').slice(0, -8),
      Properties,
    ]),
  );
}

/** What there is to an alarm: metric, statistic and period; comparison and threshold; M of N. */
export function outline(template: Template): Record<string, string> {
  return Object.fromEntries(
    Object.entries(alarmsOf(template)).map(([id, alarm]) => {
      const expression = alarm.Metrics?.find((one: { Expression?: string }) => one.Expression)?.Expression;
      const what = expression ?? `${alarm.MetricName} ${alarm.ExtendedStatistic ?? alarm.Statistic} ${alarm.Period}s`;
      const sign = { GreaterThanThreshold: '>', LessThanThreshold: '<' }[alarm.ComparisonOperator as string];
      return [
        id,
        `${what} ${sign} ${alarm.Threshold}, ${alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods} of ${alarm.EvaluationPeriods}, ${alarm.TreatMissingData}`,
      ];
    }),
  );
}
