import { Duration, Size, Stack } from 'aws-cdk-lib';
import type * as athena from 'aws-cdk-lib/aws-athena';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ArchiveFormat } from './archive-format';
import { archiveBucket } from './private/archive/archive-bucket';
import { type ArchiveCatalog, createCatalog } from './private/archive/archive-catalog';
import { createDelivery } from './private/archive/archive-delivery';
import { archiveDays, wholeSeconds } from './private/archive/archive-durations';
import { type ArchiveLayout, archiveLayout } from './private/archive/archive-layout';
import { createTransform } from './private/archive/archive-transform';
import { createWorkgroup } from './private/archive/archive-workgroup';
import { createDeliveryLog } from './private/archive/delivery-log';
import { grantQueries } from './private/archive/query-rights';
import { acknowledgeRules } from './private/archive/rule-acknowledgements';
import { telemetryError } from './private/errors';
import { likeness } from './private/likeness';
import { oneOf, sizeInBytes } from './private/validation';
import { RecordFormat } from './record-format';
import type { TelemetryArchiveProps } from './telemetry-archive-props';

const MIB = 1_024 * 1_024;

/**
 * Keeps the telemetry of a stream in S3 and makes it queryable: Firehose, a bucket, a Glue table with partition
 * projection, an Athena workgroup with named queries. No servers, no crawlers, no custom resources.
 *
 * @example
 * new TelemetryArchive(this, 'Archive', { stream: telemetry.stream });
 */
export class TelemetryArchive extends Construct {
  /**
   * The bucket with the events.
   */
  public readonly bucket: s3.IBucket;

  /**
   * The Firehose stream that carries the events.
   */
  public readonly deliveryStream: firehose.CfnDeliveryStream;

  /**
   * Where Firehose logs what it could not deliver.
   */
  public readonly logGroup: logs.ILogGroup;

  /**
   * The function of `transform`. Absent without it.
   */
  public readonly transformFunction?: lambda.IFunction;

  /**
   * The Athena workgroup with the named queries.
   */
  public readonly workgroup: athena.CfnWorkGroup;

  /**
   * Name of the Glue database.
   */
  public readonly databaseName: string;

  /**
   * Name of the table in it: `events`.
   */
  public readonly tableName: string;

  /** How long Firehose gathers at the most, in seconds. @internal */
  public readonly _bufferSeconds: number;

  /** @internal */
  public readonly _format: ArchiveFormat;

  private readonly layout: ArchiveLayout;
  private readonly catalog: ArchiveCatalog;
  private readonly encryptionKey?: kms.IKey;

  /**
   * Fails at synth, with the code in the message, for a stream of another Region (`KTE_ARCHIVE_REGION`), for Parquet of
   * compressed records (`KTE_ARCHIVE_FORMAT`), for props of a new bucket beside a bucket (`KTE_ARCHIVE_BUCKET`), for a
   * transform without an effect (`KTE_ARCHIVE_TRANSFORM`) and for values out of range (`KTE_OPTION`).
   *
   * @param scope the construct that bears the archive
   * @param id its id
   * @param props the stream, and what shall be other than the default
   */
  constructor(scope: Construct, id: string, props: TelemetryArchiveProps) {
    super(scope, id);
    this.checkRegion(props);
    const { encryptionKey, stream } = props;
    const format = oneOf(this, 'format', props.format ?? ArchiveFormat.JSON_GZIP, ArchiveFormat);
    const recordFormat = oneOf(this, 'recordFormat', props.recordFormat ?? RecordFormat.NDJSON, RecordFormat);
    const days = archiveDays(this, props);
    const leastMib = format === ArchiveFormat.PARQUET ? 64 : 1;
    const bufferSize = props.bufferSize ?? Size.mebibytes(64);

    this._format = format;
    this._bufferSeconds = wholeSeconds(this, 'bufferInterval', props.bufferInterval ?? Duration.minutes(5), 0, 900);
    this.layout = archiveLayout(this, format, recordFormat, props.prefix);
    this.bucket = archiveBucket(this, 'Bucket', this.layout, props, days);
    const { bucket, layout } = this;
    const log = createDeliveryLog(this, { retention: props.logRetention, encryptionKey });
    const transform =
      props.transform &&
      createTransform(this, {
        options: props.transform,
        compress: recordFormat === RecordFormat.NDJSON_GZIP,
        logRetention: props.logRetention,
        encryptionKey,
      });
    this.catalog = createCatalog(this, { bucket, layout, format, days: days.events });
    const delivery = createDelivery(this, {
      stream,
      bucket,
      layout,
      format,
      catalog: this.catalog,
      log,
      transform,
      bufferSeconds: this._bufferSeconds,
      bufferMib: Math.floor(sizeInBytes(this, 'bufferSize', bufferSize, leastMib * MIB, 128 * MIB) / MIB),
    });
    this.workgroup = createWorkgroup(this, {
      bucket,
      layout,
      catalog: this.catalog,
      encryptionKey,
      queryScanLimit: props.queryScanLimit,
    });
    acknowledgeRules(delivery, bucket, layout, transform);

    this.deliveryStream = delivery.deliveryStream;
    this.logGroup = log.group;
    this.transformFunction = transform?.fn;
    this.databaseName = this.catalog.databaseName;
    this.tableName = this.catalog.tableName;
    this.encryptionKey = encryptionKey;
  }

  /**
   * Lets somebody ask questions: run queries in the workgroup, read the table and its events, write and read results.
   *
   * @param grantee for example the role of an analyst or of a dashboard
   */
  public grantQuery(grantee: iam.IGrantable): iam.Grant {
    const { bucket, layout, catalog, workgroup, encryptionKey } = this;
    return grantQueries({ bucket, layout, catalog, workgroup, encryptionKey }, grantee);
  }

  /**
   * A CloudWatch metric of the delivery. Average over 5 minutes unless `props` say otherwise.
   *
   * @param metricName for example `IncomingBytes`
   * @param props statistic, period, label and so on
   * @see https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Firehose',
      metricName,
      dimensionsMap: { DeliveryStreamName: this.deliveryStream.ref },
      ...props,
    }).attachTo(this);
  }

  /**
   * Age of the oldest event that is not in S3 yet, in seconds. Maximum over 5 minutes unless `props` say otherwise.
   *
   * @param props statistic, period, label and so on
   */
  public metricDataFreshness(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DeliveryToS3.DataFreshness', { statistic: 'Maximum', ...props });
  }

  /**
   * Share of Firehose's writes to S3 that succeeded, from 0 to 1. Average over 5 minutes unless `props` say otherwise.
   *
   * @param props statistic, period, label and so on
   */
  public metricDeliverySuccess(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DeliveryToS3.Success', { statistic: 'Average', ...props });
  }

  private checkRegion({ stream }: TelemetryArchiveProps): void {
    const { region } = Stack.of(this);
    if (likeness(stream.env.region, region) !== 'different') return;
    throw telemetryError(this, {
      code: 'KTE_ARCHIVE_REGION',
      wrong: 'Firehose reads streams of its own Region alone',
      found: `a stream in ${stream.env.region}, an archive in ${region}`,
      allowed: 'a stream in the Region of the archive',
      instead: 'put the archive into a stack in the Region of the stream',
    });
  }
}
