import { Duration } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as sns from 'aws-cdk-lib/aws-sns';
import { HIPAASecurityChecks, NIST80053R5Checks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { Ledger } from '../../extension/src/ledger';
import { countersOf, NAMESPACE, SelfMetrics } from '../../extension/src/self-metrics';
import {
  AlarmThreshold,
  ArchiveFormat,
  KinesisTelemetryExtension,
  TelemetryArchive,
  type TelemetryArchiveProps,
  TelemetryMonitoring,
  type TelemetryMonitoringProps,
} from '../../src';
import { errorOf, logicalId, newFunction, newStack, templateOf, warningsOf } from './fixture';

type Given = Partial<TelemetryMonitoringProps>;

function monitored(
  given: (stack: ReturnType<typeof newStack>, stream: kinesis.Stream) => Given = () => ({}),
  streamProps: kinesis.StreamProps = { streamMode: kinesis.StreamMode.ON_DEMAND },
) {
  const stack = newStack();
  const stream = new kinesis.Stream(stack, 'Stream', streamProps);
  const monitoring = new TelemetryMonitoring(stack, 'Monitoring', { stream, ...given(stack, stream) });
  return { stack, stream, monitoring, template: templateOf(stack) };
}

function withArchive(props: Partial<TelemetryArchiveProps> = {}) {
  return (stack: ReturnType<typeof newStack>, stream: kinesis.Stream): Given => ({
    archive: new TelemetryArchive(stack, 'Archive', { stream, ...props }),
  });
}

/** Properties of each alarm by the id it has in the construct. */
// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
function alarmsOf(template: Template): Record<string, any> {
  return Object.fromEntries(
    Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => [
      id.replace(/^Monitoring/, '').slice(0, -8),
      Properties,
    ]),
  );
}

/** What there is to an alarm: metric, statistic and period; comparison and threshold; M of N. */
function outline(template: Template): Record<string, string> {
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

describe('the alarms', () => {
  test('of an on-demand stream are three', () => {
    expect(outline(monitored().template)).toEqual({
      WritesThrottled: 'WriteProvisionedThroughputExceeded Sum 60s > 0, 3 of 5, notBreaching',
      RecordsFailed: 'PutRecords.FailedRecords Sum 60s > 0, 3 of 5, notBreaching',
      WriteSuccess: '100 * taken / sent < 99, 3 of 5, notBreaching',
    });
  });

  test('of a provisioned stream watch its shards too', () => {
    expect(outline(monitored(undefined, { shardCount: 2 }).template)).toMatchObject({
      ShardPressure: 'MAX([100 * bytes / 125829120, 100 * records / 120000]) > 80, 3 of 5, notBreaching',
    });
    const imported = monitored((stack) => ({
      stream: kinesis.Stream.fromStreamArn(stack, 'I', 'arn:aws:kinesis:eu-west-1:1:stream/s'),
      shardCount: 1,
    }));
    expect(outline(imported.template)).toHaveProperty('ShardPressure');
  });

  test('of an archive watch its consumer, its delay and its failures', () => {
    const { template } = monitored(withArchive());
    expect(outline(template)).toMatchObject({
      ConsumerLate: 'GetRecords.IteratorAgeMilliseconds Maximum 60s > 43200000, 3 of 5, notBreaching',
      ArchiveLate: 'DeliveryToS3.DataFreshness Maximum 300s > 900, 3 of 3, notBreaching',
      ArchiveBehind: 'KinesisMillisBehindLatest Maximum 300s > 900000, 3 of 5, notBreaching',
      ArchiveFailing: 'DeliveryToS3.Success Average 300s < 1, 3 of 5, notBreaching',
    });
    expect(outline(template)).not.toHaveProperty('ArchiveConversionFailed');
  });

  test('of an archive allow for its buffer, and for Parquet watch the conversion', () => {
    const given = withArchive({ bufferInterval: Duration.minutes(15), format: ArchiveFormat.PARQUET });
    expect(outline(monitored(given).template)).toMatchObject({
      ArchiveLate: expect.stringContaining('> 1800'),
      ArchiveConversionFailed: 'FailedConversion.Records Sum 300s > 0, 1 of 1, notBreaching',
    });
  });

  test('of functions watch what extensions add, and errors on request', () => {
    const functions = (thresholds = {}) =>
      monitored((stack) => ({ functions: [newFunction(stack, 'Fn')], thresholds }));
    const added = outline(functions().template);
    expect(Object.keys(added).filter((id) => id.includes('Fn'))).toHaveLength(1);
    expect(Object.values(added)).toContain('PostRuntimeExtensionsDuration p99 300s > 1000, 3 of 5, notBreaching');
    const errors = functions({ functionErrorPercent: AlarmThreshold.of(5) }).template;
    expect(Object.values(outline(errors))).toContain('100 * errors / invocations > 5, 2 of 3, notBreaching');
  });

  test('of silence are made on request, and take no data for silence', () => {
    expect(outline(monitored(() => ({ thresholds: { silence: AlarmThreshold.of(1) } })).template)).toMatchObject({
      Silence: 'IncomingRecords Sum 900s < 1, 1 of 1, breaching',
    });
  });

  test('of dropped events look at the metric that is given', () => {
    const droppedEventsMetric = new cloudwatch.Metric({ namespace: 'Mine', metricName: 'dropped', statistic: 'Sum' });
    expect(outline(monitored(() => ({ droppedEventsMetric })).template)).toMatchObject({
      DroppedEvents: 'dropped Sum 300s > 0, 1 of 1, notBreaching',
    });
  });
});

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

describe('dimensions', () => {
  // AWS Solutions Constructs leave StreamName out: such an alarm matches no data and stays green for ever
  test('name the stream, the delivery or the function in every metric of every alarm', () => {
    const { template, stack, stream } = monitored((stack, stream) => ({
      ...withArchive({ format: ArchiveFormat.PARQUET })(stack, stream),
      functions: [newFunction(stack, 'Fn')],
      shardCount: 1,
      selfMetrics: true,
      thresholds: { silence: AlarmThreshold.of(1), functionErrorPercent: AlarmThreshold.of(5) },
    }));
    const ref = (type: string) => ({ Ref: Object.keys(template.findResources(type))[0] });
    const expected: Record<string, object[]> = {
      KinesisTelemetryExtension: [{ Name: 'StreamName', Value: { Ref: logicalId(stream) } }],
      'AWS/Kinesis': [{ Name: 'StreamName', Value: { Ref: logicalId(stream) } }],
      'AWS/Firehose': [{ Name: 'DeliveryStreamName', Value: ref('AWS::KinesisFirehose::DeliveryStream') }],
      'AWS/Lambda': [{ Name: 'FunctionName', Value: ref('AWS::Lambda::Function') }],
    };
    const alarms = Object.values(alarmsOf(template));
    expect(alarms).toHaveLength(13);
    for (const alarm of alarms) {
      // biome-ignore lint/suspicious/noExplicitAny: templates are untyped
      const inside = (alarm.Metrics ?? []).flatMap((one: any) => one.MetricStat?.Metric ?? []);
      const looked = alarm.Metrics ? inside : [alarm];
      expect(looked.length).toBeGreaterThan(0);
      for (const { Namespace, Dimensions } of looked)
        expect([Namespace, Dimensions]).toEqual([Namespace, expected[Namespace]]);
    }
    expect(stack.node.children.length).toBeGreaterThan(0);
  });
});

describe('thresholds', () => {
  test('can be others, with other periods', () => {
    const thresholds = {
      writesThrottled: AlarmThreshold.of(10, { evaluationPeriods: 2, period: Duration.minutes(5) }),
      recordsFailed: AlarmThreshold.of(1, { datapointsToAlarm: 7 }),
      writeSuccessPercent: AlarmThreshold.of(95, { period: Duration.minutes(5) }),
    };
    const { template } = monitored(() => ({ thresholds }));
    expect(outline(template)).toMatchObject({
      WritesThrottled: 'WriteProvisionedThroughputExceeded Sum 300s > 10, 2 of 2, notBreaching',
      RecordsFailed: 'PutRecords.FailedRecords Sum 60s > 1, 7 of 7, notBreaching',
      WriteSuccess: '100 * taken / sent < 95, 3 of 5, notBreaching',
    });
    const periods = alarmsOf(template).WriteSuccess.Metrics.flatMap(
      (one: { MetricStat?: { Period: number } }) => one.MetricStat?.Period ?? [],
    );
    expect(periods).toEqual([300, 300]);
  });

  test('can be off, one by one', () => {
    const { template } = monitored(() => ({ thresholds: { recordsFailed: AlarmThreshold.off() } }));
    expect(Object.keys(outline(template)).sort()).toEqual(['WriteSuccess', 'WritesThrottled']);
  });

  test('can be none but those that are given', () => {
    const silence = AlarmThreshold.of(1);
    const { template, monitoring } = monitored(() => ({ defaultAlarms: false, thresholds: { silence } }));
    expect(Object.keys(outline(template))).toEqual(['Silence']);
    expect(monitoring.alarms).toHaveLength(1);
    monitored(() => ({ defaultAlarms: false })).template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

describe('actions', () => {
  test('are taken by every alarm', () => {
    const { template, stack } = monitored((stack) => ({
      alarmActions: [new actions.SnsAction(new sns.Topic(stack, 'Topic'))],
    }));
    for (const { AlarmActions } of Object.values(alarmsOf(template))) expect(AlarmActions).toHaveLength(1);
    expect(warningsOf(stack, 'alarms-without-actions')).toEqual([]);
  });

  test('are missed in a warning', () => {
    expect(warningsOf(monitored().stack, 'alarms-without-actions')).toHaveLength(1);
    expect(warningsOf(monitored(() => ({ defaultAlarms: false })).stack, 'alarms-without-actions')).toEqual([]);
  });

  test.each(Object.entries({ HIPAASecurityChecks, NIST80053R5Checks }))('content %s', (_, Pack) => {
    const { monitoring } = monitored((stack) => ({
      alarmActions: [new actions.SnsAction(new sns.Topic(stack, 'Topic'))],
    }));
    expect(new Pack().validateScope(monitoring).violations).toEqual([]);
  });
});

describe('the dashboard', () => {
  test('is made on request, from the same widgets that can be had for another', () => {
    const { monitoring, template } = monitored((stack, stream) => ({
      ...withArchive()(stack, stream),
      functions: [newFunction(stack, 'Fn')],
      dashboard: true,
    }));
    template.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardBody: Match.anyValue() });
    expect(monitoring.dashboard?.node.path).toBe('Stack/Monitoring/Dashboard');
    expect(monitoring.widgets().map((row) => row.map(({ width }) => width))).toEqual(new Array(4).fill([8, 8, 8]));
  });

  test('is not made otherwise, nor by any other construct', () => {
    const { template, monitoring } = monitored();
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    expect(monitoring.widgets()).toHaveLength(2);
    const stack = newStack();
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
    new TelemetryArchive(stack, 'Archive', { stream: telemetry.stream });
    templateOf(stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});
