import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ExtensionOptions } from './extension-options';
import type { IKinesisTelemetryExtension } from './kinesis-telemetry-extension-ref';
import { attach } from './private/attach';
import type { TelemetryParts } from './private/telemetry-parts';
import { WRITE_ACTION, WRITE_KEY_ACTION, writeKeyConditions } from './private/write-statements';

/**
 * What extensions made in this app and imported ones have in common.
 *
 * @internal
 */
export abstract class TelemetryExtensionBase extends Construct implements IKinesisTelemetryExtension {
  public abstract readonly stream: kinesis.IStream;
  public abstract readonly layerVersion: lambda.ILayerVersion;
  public abstract readonly managedPolicy?: iam.IManagedPolicy;

  /** @internal */
  public abstract readonly _parts: TelemetryParts;

  /**
   * Attaches the extension to a function: layer, environment variables, permission. A repeated call does nothing.
   *
   * Fails at synth, with the code in the message, for container images (`KTE_IMAGE_FUNCTION`), Lambda@Edge
   * (`KTE_EDGE_FUNCTION`), runtimes without Node.js (`KTE_RUNTIME`), imported functions (`KTE_IMPORTED_FUNCTION`),
   * versions and aliases (`KTE_VERSION_OR_ALIAS`), a sixth layer (`KTE_TOO_MANY_LAYERS`), a layer of another Region
   * (`KTE_LAYER_REGION`), a variable that somebody else has set (`KTE_VARIABLE_TAKEN`), a second call with other
   * settings (`KTE_ALREADY_ATTACHED`), a missing role (`KTE_NO_ROLE`) and options out of range (`KTE_OPTION`).
   *
   * @param fn a Function, NodejsFunction or SingletonFunction with a Node.js runtime
   * @param overrides options for this function alone; `buffering` and `tags` are merged key by key
   */
  public addToFunction(fn: lambda.IFunction, overrides?: ExtensionOptions): void {
    attach(this._parts, fn, overrides);
  }

  /**
   * Attaches the extension to several functions.
   *
   * @param fns see `addToFunction`
   * @param overrides options for these functions alone
   */
  public addToFunctions(fns: lambda.IFunction[], overrides?: ExtensionOptions): void {
    for (const fn of fns) this.addToFunction(fn, overrides);
  }

  /**
   * Lets a grantee write to the stream, with `kinesis:PutRecords` and nothing else (and the customer key of the
   * stream, where it has one, for this stream alone).
   *
   * @param grantee for example a container-image function that carries the extension itself
   */
  public grantWrite(grantee: iam.IGrantable): iam.Grant {
    const { stream } = this;
    const write = iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: [WRITE_ACTION],
      resourceArns: [stream.streamArn],
      resource: stream,
    });
    if (!stream.encryptionKey) return write;
    const key = iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: [WRITE_KEY_ACTION],
      resourceArns: [stream.encryptionKey.keyArn],
      resource: stream.encryptionKey,
      resourceSelfArns: ['*'],
      conditions: writeKeyConditions(stream),
    });
    return write.combine(key);
  }

  /**
   * Lets a consumer read the stream, and decrypt it where it has a customer key.
   *
   * @param grantee the consumer
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.stream.grantRead(grantee);
  }

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
}
