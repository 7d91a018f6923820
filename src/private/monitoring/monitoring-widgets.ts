import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { TelemetryMonitoringProps } from '../../telemetry-monitoring-props';
import * as metrics from './monitored-metrics';

const WIDTH = 24;

/** A row each for the stream, its writers, the extension itself, the archive and every function. */
export function monitoringWidgets({
  stream,
  archive,
  functions = [],
  selfMetrics,
}: TelemetryMonitoringProps): cloudwatch.IWidget[][] {
  const sum = (name: string) => stream.metric(name, { statistic: 'Sum' });
  const rows = [
    row(
      graph('Stream: records in and out', [sum('IncomingRecords'), sum('GetRecords.Records')]),
      graph('Stream: bytes in', [sum('IncomingBytes')]),
      graph('Stream: throttles', [
        sum('WriteProvisionedThroughputExceeded'),
        sum('ReadProvisionedThroughputExceeded'),
        sum('PutRecords.ThrottledRecords'),
        sum('PutRecords.FailedRecords'),
      ]),
    ),
    row(
      graph('PutRecords: records taken, %', [metrics.writeSuccessPercent(stream)]),
      graph('PutRecords: latency, ms', [
        stream.metric('PutRecords.Latency', { statistic: 'p50', label: 'p50' }),
        stream.metric('PutRecords.Latency', { statistic: 'p99', label: 'p99' }),
      ]),
      graph('Consumers: how late, ms', [metrics.consumerLateMs(stream)]),
    ),
  ];
  if (selfMetrics) {
    const own = (name: string) => metrics.selfMetric(stream, name);
    const held = metrics.selfMetric(stream, 'EventsHeld', { statistic: 'Maximum', label: 'EventsHeld, at most' });
    rows.push(
      row(
        graph('Extension: events', [own('EventsReceived'), own('EventsDelivered'), held]),
        graph('Extension: events lost or cut', [
          own('EventsDropped'),
          own('EventsDroppedByLambda'),
          own('EventsTruncated'),
        ]),
        graph('Extension: trouble with Kinesis', [
          own('Retries'),
          own('ThrottledRecords'),
          own('CircuitBreakerOpenings'),
        ]),
      ),
    );
  }
  if (archive) {
    rows.push(
      row(
        graph('Archive: oldest event not in S3, s', [archive.metricDataFreshness()]),
        graph('Archive: writes that succeeded', [archive.metricDeliverySuccess()]),
        graph('Archive: bytes', [archive.metric('DeliveryToS3.Bytes', { statistic: 'Sum' })]),
      ),
    );
  }
  for (const fn of functions) {
    const name = fn.node.id;
    const graphs = [
      graph(`${name}: invocations, errors`, [fn.metricInvocations(), fn.metricErrors()]),
      graph(`${name}: duration, ms`, [
        fn.metricDuration({ statistic: 'p50', label: 'p50' }),
        fn.metricDuration({ statistic: 'p99', label: 'p99' }),
      ]),
      graph(`${name}: added by extensions, ms`, [metrics.extensionOverheadMs(fn)]),
    ];
    if (selfMetrics) {
      graphs.push(graph(`${name}: events dropped`, [metrics.selfMetricOfFunction(fn, 'EventsDropped')]));
    }
    rows.push(row(...graphs));
  }
  return rows;
}

function row(...graphs: ((width: number) => cloudwatch.IWidget)[]): cloudwatch.IWidget[] {
  return graphs.map((make) => make(WIDTH / graphs.length));
}

function graph(title: string, left: cloudwatch.IMetric[]): (width: number) => cloudwatch.IWidget {
  return (width) => new cloudwatch.GraphWidget({ title, left, width, leftYAxis: { min: 0 } });
}
