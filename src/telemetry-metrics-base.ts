import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/**
 * The CloudWatch metrics that tell how telemetry fares: of the stream, and of the functions it comes from.
 *
 * @internal
 */
export abstract class TelemetryMetricsBase extends Construct {
  public abstract readonly stream: kinesis.IStream;

  /**
   * A CloudWatch metric of the stream: of everything that is written to it, not of one function.
   *
   * @param metricName for example `IncomingBytes`
   * @param props statistic, period, label and so on
   * @see https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stream.metric(metricName, props);
  }

  /**
   * Records that reached the stream. Sum over 5 minutes unless `props` say otherwise.
   *
   * @param props statistic, period, label and so on
   */
  public metricIncomingRecords(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stream.metricIncomingRecords({ statistic: 'Sum', ...props });
  }

  /**
   * Bytes that reached the stream. Sum over 5 minutes unless `props` say otherwise.
   *
   * @param props statistic, period, label and so on
   */
  public metricIncomingBytes(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stream.metricIncomingBytes({ statistic: 'Sum', ...props });
  }

  /**
   * Records that Kinesis turned away because a shard was full. The extension sends them again, so this is load, not
   * loss. Sum over 5 minutes unless `props` say otherwise.
   *
   * @param props statistic, period, label and so on
   */
  public metricThrottledRecords(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stream.metricPutRecordsThrottledRecords({ statistic: 'Sum', ...props });
  }

  /**
   * Records that Kinesis turned away by faults of its own. The extension sends them again, so this is no loss
   * either. Sum over 5 minutes unless `props` say otherwise.
   *
   * @param props statistic, period, label and so on
   */
  public metricFailedRecords(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stream.metricPutRecordsFailedRecords({ statistic: 'Sum', ...props });
  }

  /**
   * How long calls of PutRecords take inside Kinesis, in milliseconds. 99th percentile unless `props` say otherwise.
   *
   * @param props statistic, period, label and so on
   */
  public metricPutLatency(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.stream.metricPutRecordsLatency({ statistic: 'p99', ...props });
  }

  /**
   * Share of the records that Kinesis took, in percent, of all that were sent: 100 while no shard is full. Over
   * 5 minutes unless `props` say otherwise.
   *
   * @param props period, label and so on
   */
  public metricSuccessRatio(props?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    return new cloudwatch.MathExpression({
      label: 'Records written (%)',
      ...props,
      expression: '100 * successful / total',
      usingMetrics: {
        successful: this.stream.metricPutRecordsSuccessfulRecords({ statistic: 'Sum' }),
        total: this.stream.metricPutRecordsTotalRecords({ statistic: 'Sum' }),
      },
    });
  }

  /**
   * How long the extensions of a function keep its invocations open after the function has answered, in
   * milliseconds: billed, but not waited for by the caller. 99th percentile over 5 minutes unless `props` say
   * otherwise. Counts all extensions of the function together.
   *
   * @param fn an attached function
   * @param props statistic, period, label and so on
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
   */
  public metricPostInvocationDuration(fn: lambda.IFunction, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return fn.metric('PostRuntimeExtensionsDuration', { statistic: 'p99', ...props });
  }
}
