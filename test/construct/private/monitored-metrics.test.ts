import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { describe, expect, test } from 'vitest';
import { Ledger } from '../../../extension/src/ledger';
import { countersOf, NAMESPACE, SelfMetrics } from '../../../extension/src/self-metrics';
import { AlarmThreshold } from '../../../src';
import { errorOf, logicalId, newFunction } from '../fixture';
import { alarmsOf, monitored, outline } from '../monitoring-fixture';

describe('metrics of the extension itself', () => {
  const selfMetrics = true;

  test('have an alarm on dropped events on request, which waits for late log lines', () => {
    const { template, stream } = monitored(() => ({ selfMetrics }));
    expect(outline(template)).toMatchObject({ DroppedEvents: 'EventsDropped Sum 300s > 0, 1 of 3, notBreaching' });
    expect(alarmsOf(template).DroppedEvents).toMatchObject({
      Namespace: 'KinesisTelemetryExtension',
      Dimensions: [{ Name: 'StreamName', Value: { Ref: logicalId(stream) } }],
    });
    expect(outline(monitored().template)).not.toHaveProperty('DroppedEvents');
  });

  test('take another threshold, none, and another metric', () => {
    const droppedEvents = AlarmThreshold.of(10, { period: Duration.minutes(1), evaluationPeriods: 15 });
    expect(outline(monitored(() => ({ selfMetrics, thresholds: { droppedEvents } })).template)).toMatchObject({
      DroppedEvents: 'EventsDropped Sum 60s > 10, 1 of 15, notBreaching',
    });
    const off = monitored(() => ({ selfMetrics, thresholds: { droppedEvents: AlarmThreshold.off() } }));
    expect(outline(off.template)).not.toHaveProperty('DroppedEvents');
    const droppedEventsMetric = new cloudwatch.Metric({ namespace: 'Mine', metricName: 'dropped', statistic: 'Sum' });
    expect(outline(monitored(() => ({ selfMetrics, droppedEventsMetric })).template)).toMatchObject({
      DroppedEvents: 'dropped Sum 300s > 0, 1 of 1, notBreaching',
    });
  });

  test('are missed in an error where a threshold has nothing to look at', () => {
    const threshold = (droppedEvents: AlarmThreshold) => () => monitored(() => ({ thresholds: { droppedEvents } }));
    expect(errorOf(threshold(AlarmThreshold.of(1)))).toMatchObject({
      code: 'KTE_ALARM_METRIC',
      message: expect.stringContaining('at:      Stack/Monitoring'),
    });
    expect(threshold(AlarmThreshold.off())).not.toThrow();
  });

  test('have a row of widgets, and one more for each function', () => {
    const { monitoring } = monitored((stack) => ({ selfMetrics, functions: [newFunction(stack, 'Fn')] }));
    expect(monitoring.widgets().map((row) => row.map(({ width }) => width))).toEqual([
      [8, 8, 8],
      [8, 8, 8],
      [8, 8, 8],
      [6, 6, 6, 6],
    ]);
  });

  test('bear the names under which the extension writes them', () => {
    const { template, stream } = monitored((stack) => ({
      selfMetrics,
      functions: [newFunction(stack, 'Fn')],
      dashboard: true,
    }));
    const [[, dashboard] = []] = Object.entries(template.findResources('AWS::CloudWatch::Dashboard'));
    // "namespace","name","dimension",value: the value is a reference, hence outside of the text around it
    const body = dashboard?.Properties.DashboardBody['Fn::Join'][1] as unknown[];
    const looked = body.flatMap((part, index) => {
      const found = /\["KinesisTelemetryExtension","(\w+)","(\w+)","$/.exec(String(part));
      return found ? [{ name: found[1], dimension: found[2], value: body[index + 1] }] : [];
    });
    const fn = Object.keys(template.findResources('AWS::Lambda::Function'))[0];
    const values: Record<string, unknown> = { StreamName: { Ref: logicalId(stream) }, FunctionName: { Ref: fn } };
    expect(looked).toHaveLength(10);
    for (const { dimension, value } of looked) expect(value).toEqual(values[dimension as string]);

    const written = new SelfMetrics({ instanceId: 'i', functionName: 'f' }, 's').line(
      Object.assign(new Ledger(), { received: 2, delivered: 1 }),
      { now: 0, breakerOpenings: 0, final: false },
    );
    const { Dimensions, Namespace } = JSON.parse(written)._aws.CloudWatchMetrics[0];
    expect(Namespace).toBe(NAMESPACE);
    expect(Dimensions.flat().sort()).toEqual([...new Set(looked.map(({ dimension }) => dimension))].sort());
    const names = [...Object.keys(countersOf(new Ledger(), 0)), 'EventsHeld'];
    expect([...new Set(looked.map(({ name }) => name))].sort()).toEqual(names.sort());
  });
});
