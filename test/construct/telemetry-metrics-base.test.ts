import { Duration } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension } from '../../src';
import { newStack } from './fixture';

const telemetry = new KinesisTelemetryExtension(newStack(), 'Telemetry');

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
