import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
/** What a shard takes in a second. */
const SHARD_BYTES = 1_024 * 1_024;
const SHARD_RECORDS = 1_000;

// All by the name of the stream or function: without that dimension an alarm looks at no data, and stays green.

export function writesThrottled(stream: kinesis.IStream, period = MINUTE): cloudwatch.Metric {
  return stream.metric('WriteProvisionedThroughputExceeded', { statistic: 'Sum', period });
}

export function recordsFailed(stream: kinesis.IStream, period = MINUTE): cloudwatch.Metric {
  return stream.metric('PutRecords.FailedRecords', { statistic: 'Sum', period });
}

export function writeSuccessPercent(stream: kinesis.IStream, period = MINUTE): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: '100 * taken / sent',
    label: 'Records taken, %',
    period,
    usingMetrics: {
      taken: stream.metric('PutRecords.SuccessfulRecords', { statistic: 'Sum', period }),
      sent: stream.metric('PutRecords.TotalRecords', { statistic: 'Sum', period }),
    },
  });
}

export function shardPressurePercent(
  stream: kinesis.IStream,
  shards: number,
  period = MINUTE,
): cloudwatch.MathExpression {
  const shardSeconds = shards * period.toSeconds();
  return new cloudwatch.MathExpression({
    expression: `MAX([100 * bytes / ${shardSeconds * SHARD_BYTES}, 100 * records / ${shardSeconds * SHARD_RECORDS}])`,
    label: 'Use of the shards, %',
    period,
    usingMetrics: {
      bytes: stream.metric('IncomingBytes', { statistic: 'Sum', period }),
      records: stream.metric('IncomingRecords', { statistic: 'Sum', period }),
    },
  });
}

export function consumerLateMs(stream: kinesis.IStream, period = MINUTE): cloudwatch.Metric {
  return stream.metric('GetRecords.IteratorAgeMilliseconds', { statistic: 'Maximum', period });
}

export function recordsIn(stream: kinesis.IStream, period = Duration.minutes(15)): cloudwatch.Metric {
  return stream.metric('IncomingRecords', { statistic: 'Sum', period });
}

/** CDK has no method for it. */
export function extensionOverheadMs(fn: lambda.IFunction, period = FIVE_MINUTES): cloudwatch.Metric {
  return fn.metric('PostRuntimeExtensionsDuration', { statistic: 'p99', period });
}

export function functionErrorPercent(fn: lambda.IFunction, period = FIVE_MINUTES): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: '100 * errors / invocations',
    label: 'Errors, %',
    period,
    usingMetrics: {
      errors: fn.metricErrors({ statistic: 'Sum', period }),
      invocations: fn.metricInvocations({ statistic: 'Sum', period }),
    },
  });
}

/** Contract: extension/src/self-metrics.ts writes under these names, and a test compares the two. */
const SELF_METRICS_NAMESPACE = 'KinesisTelemetryExtension';

/** A metric of the extension itself: of all that write to the stream, by its name. */
export function selfMetric(stream: kinesis.IStream, metricName: string, options?: cloudwatch.MetricOptions) {
  return ownMetric(metricName, { StreamName: stream.streamName }, options);
}

export function selfMetricOfFunction(fn: lambda.IFunction, metricName: string, options?: cloudwatch.MetricOptions) {
  return ownMetric(metricName, { FunctionName: fn.functionName }, options);
}

export function eventsDropped(stream: kinesis.IStream, period = FIVE_MINUTES): cloudwatch.Metric {
  return selfMetric(stream, 'EventsDropped', { period });
}

function ownMetric(
  metricName: string,
  dimensionsMap: Record<string, string>,
  options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  const namespace = SELF_METRICS_NAMESPACE;
  return new cloudwatch.Metric({ namespace, metricName, dimensionsMap, statistic: 'Sum', ...options });
}
