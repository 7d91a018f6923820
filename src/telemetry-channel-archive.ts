import { type CfnResource, Duration } from 'aws-cdk-lib';
import type * as athena from 'aws-cdk-lib/aws-athena';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ArchiveFormat } from './archive-format';
import { archiveBucket } from './private/archive/archive-bucket';
import { type ArchiveCatalog, createCatalog } from './private/archive/archive-catalog';
import { archiveDays, wholeSeconds } from './private/archive/archive-durations';
import { type ArchiveLayout, archiveLayout } from './private/archive/archive-layout';
import { createWorkgroup } from './private/archive/archive-workgroup';
import { createDeliveryLog } from './private/archive/delivery-log';
import { grantQueries } from './private/archive/query-rights';
import { channelClass } from './private/channel/channel-class';
import { createChannel } from './private/channel/channel-delivery';
import { checkChannelPrefix } from './private/channel/channel-prefix';
import { checkBucket, checkSource, isSameStream } from './private/channel/channel-source';
import { telemetryError } from './private/errors';
import { oneOf } from './private/validation';
import { RecordFormat } from './record-format';
import type { TelemetryChannelArchiveProps } from './telemetry-channel-archive-props';

/**
 * The archive of `TelemetryArchive` with a Kinesis channel (`AWS::Kinesis::Channel`) in place of Firehose: the same
 * folders, table and queries. Experimental: the service is of August 2026 and nothing here has been deployed to AWS.
 *
 * Wants an aws-cdk-lib that knows channels, an on-demand stream, and a customer key for it or no encryption.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/data-delivery-s3.html
 * @experimental
 *
 * @example
 * const telemetry = new KinesisTelemetryExtension(this, 'Telemetry', {
 *   streamProps: { encryptionKey: new kms.Key(this, 'Key', { enableKeyRotation: true }) },
 * });
 * new TelemetryChannelArchive(this, 'Archive', { stream: telemetry.stream });
 */
export class TelemetryChannelArchive extends Construct {
  /**
   * The bucket with the events.
   */
  public readonly bucket: s3.IBucket;

  /**
   * The channel, an `aws_kinesis.CfnChannel`.
   */
  public readonly channel: CfnResource;

  /**
   * Name of the channel.
   */
  public readonly channelName: string;

  /**
   * Where the channel logs what it could not deliver.
   */
  public readonly logGroup: logs.ILogGroup;

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

  /** @internal */
  public readonly _stream: kinesis.IStream;

  private readonly layout: ArchiveLayout;
  private readonly catalog: ArchiveCatalog;
  private readonly encryptionKey?: kms.IKey;

  /**
   * Fails at synth, with the code in the message: where aws-cdk-lib does not know channels (`KTE_CHANNEL_UNKNOWN`), for
   * a provisioned stream (`KTE_CHANNEL_PROVISIONED`), for one with the key of AWS (`KTE_CHANNEL_KEY`), for one of
   * another account (`KTE_CHANNEL_ACCOUNT`) or another Region (`KTE_CHANNEL_REGION`, the bucket too), for the second
   * channel of a stream (`KTE_CHANNEL_TWICE`), for gzipped records (`KTE_CHANNEL_FORMAT`), for props of a new bucket
   * beside a bucket (`KTE_ARCHIVE_BUCKET`) and for values out of range (`KTE_OPTION`).
   *
   * @param scope the construct that bears the archive
   * @param id its id
   * @param props the stream, and what shall be other than the default
   */
  constructor(scope: Construct, id: string, props: TelemetryChannelArchiveProps) {
    super(scope, id);
    const { encryptionKey, stream } = props;
    const recordFormat = oneOf(this, 'recordFormat', props.recordFormat ?? RecordFormat.NDJSON, RecordFormat);
    channelClass(this);
    checkSource(this, stream, recordFormat);
    checkChannelPrefix(this, props.prefix ?? '');
    checkBucket(this, props.bucket);
    this.checkOnlyOne(stream);
    const days = archiveDays(this, props);
    const freshness = props.dataFreshness ?? Duration.minutes(5);

    this._stream = stream;
    this.layout = archiveLayout(this, ArchiveFormat.JSON_GZIP, recordFormat, props.prefix);
    this.bucket = archiveBucket(this, 'Bucket', this.layout, props, days);
    const { bucket, layout } = this;
    const log = createDeliveryLog(this, { retention: props.logRetention, encryptionKey });
    this.catalog = createCatalog(this, { bucket, layout, format: ArchiveFormat.JSON_GZIP, days: days.events });
    const { channel, channelName } = createChannel(this, {
      stream,
      bucket,
      layout,
      log,
      freshnessSeconds: wholeSeconds(this, 'dataFreshness', freshness, 300, 900),
    });
    this.workgroup = createWorkgroup(this, {
      bucket,
      layout,
      catalog: this.catalog,
      encryptionKey,
      queryScanLimit: props.queryScanLimit,
    });

    this.channel = channel;
    this.channelName = channelName;
    this.logGroup = log.group;
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
   * A CloudWatch metric of the channel, with the three dimensions that lead to it. Average over 5 minutes unless `props`
   * say otherwise.
   *
   * @param metricName for example `DeliveryToS3.RecordCount`
   * @param props statistic, period, label and so on
   * @see https://docs.aws.amazon.com/streams/latest/dev/data-delivery-monitoring.html
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Kinesis',
      metricName,
      dimensionsMap: {
        ChannelName: this.channelName,
        ChannelId: this.channel.getAtt('ChannelId').toString(),
        StreamName: this._stream.streamName,
      },
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
   * Records that the channel could not deliver: AWS's own "key error signal". Sum over 5 minutes unless `props` say
   * otherwise.
   *
   * @param props statistic, period, label and so on
   */
  public metricFailedRecords(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DeliveryToS3.FailedRecordCount', { statistic: 'Sum', ...props });
  }

  /** @see https://docs.aws.amazon.com/streams/latest/dev/data-delivery-quotas.html */
  private checkOnlyOne(stream: kinesis.IStream): void {
    const others = this.node.root.node.findAll().filter((other) => other !== this);
    const twin = others.find(
      (other) => other instanceof TelemetryChannelArchive && isSameStream(other._stream, stream),
    );
    if (!twin) return;
    throw telemetryError(this, {
      code: 'KTE_CHANNEL_TWICE',
      wrong: 'a stream has at most one channel to S3',
      found: `${twin.node.path} on the same stream`,
      allowed: 'one TelemetryChannelArchive for a stream; any number of TelemetryArchive beside it',
      instead: 'use the archive that is there, or TelemetryArchive for the second one',
    });
  }
}
