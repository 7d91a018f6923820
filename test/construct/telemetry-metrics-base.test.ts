import { Duration } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension } from '../../src';
import { newFunction, newStack } from './fixture';

const stack = newStack();
const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');

test.each([
  [telemetry.metric('IteratorAgeMilliseconds', { statistic: 'Maximum' }), 'IteratorAgeMilliseconds', 'Maximum'],
  [telemetry.metricIncomingRecords(), 'IncomingRecords', 'Sum'],
  [telemetry.metricIncomingBytes(), 'IncomingBytes', 'Sum'],
  [telemetry.metricThrottledRecords(), 'PutRecords.ThrottledRecords', 'Sum'],
  [telemetry.metricFailedRecords(), 'PutRecords.FailedRecords', 'Sum'],
  [telemetry.metricPutLatency(), 'PutRecords.Latency', 'p99'],
])('offers the stream metric $metricName', (metric, metricName, statistic) => {
  expect(metric).toMatchObject({ namespace: 'AWS/Kinesis', metricName, statistic });
  expect(metric.dimensions).toEqual({ StreamName: telemetry.stream.streamName });
});

test('lets the caller choose statistic and period of a metric', () => {
  const metric = telemetry.metricIncomingRecords({ statistic: 'Average', period: Duration.minutes(1) });
  expect(metric).toMatchObject({ statistic: 'Average', period: Duration.minutes(1) });
});

test('offers the share of records that Kinesis took, in percent', () => {
  const ratio = telemetry.metricSuccessRatio({ period: Duration.minutes(1) });
  expect(ratio.expression).toBe('100 * successful / total');
  expect(ratio.usingMetrics.successful).toMatchObject({
    metricName: 'PutRecords.SuccessfulRecords',
    statistic: 'Sum',
    period: Duration.minutes(1),
  });
  expect(ratio.usingMetrics.total).toMatchObject({ metricName: 'PutRecords.TotalRecords', statistic: 'Sum' });
});

test('offers how long the extensions of a function outlast its answer', () => {
  const metric = telemetry.metricPostInvocationDuration(newFunction(stack));
  expect(metric).toMatchObject({
    namespace: 'AWS/Lambda',
    metricName: 'PostRuntimeExtensionsDuration',
    statistic: 'p99',
  });
});
