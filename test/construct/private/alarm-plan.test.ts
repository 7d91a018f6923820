import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { describe, expect, test } from 'vitest';
import { AlarmThreshold, ArchiveFormat } from '../../../src';
import { plannedAlarms } from '../../../src/private/monitoring/alarm-plan';
import { logicalId, newFunction } from '../fixture';
import { alarmsOf, monitored, outline, withArchive } from '../monitoring-fixture';

describe('the alarms', () => {
  test('stand in the order of docs/alarms.md, which lists them all', () => {
    const { stack, stream } = monitored();
    const { archive } = withArchive({ format: ArchiveFormat.PARQUET })(stack, stream);
    const planned = plannedAlarms({ stream, archive, functions: [newFunction(stack)], selfMetrics: true }, 1);
    const documented = readFileSync(join(__dirname, '../../../docs/alarms.md'), 'utf8').match(/(?<=^\| `)\w+/gm);
    expect(planned.map(({ option }) => option)).toEqual(documented);
  });

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

describe('dimensions', () => {
  // AWS Solutions Constructs leave StreamName out: such an alarm matches no data and stays green for ever
  test('name the stream, the delivery or the function in every metric of every alarm', () => {
    const { template, stream } = monitored((stack, stream) => ({
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
  });
});
