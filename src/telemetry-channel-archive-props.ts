import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { RecordFormat } from './record-format';

/**
 * Properties of `TelemetryChannelArchive`.
 *
 * @experimental
 */
export interface TelemetryChannelArchiveProps {
  /**
   * The stream with the telemetry, for example `telemetry.stream`: on-demand, in the account and Region of the archive,
   * encrypted with a customer key or not at all (the default of `KinesisTelemetryExtension` is the key of AWS).
   */
  readonly stream: kinesis.IStream;

  /**
   * The format that the functions write (`ExtensionOptions.recordFormat`), the same for all of them: NDJSON or JSON.
   *
   * @default RecordFormat.NDJSON
   */
  readonly recordFormat?: RecordFormat;

  /**
   * Your bucket, in the Region of the stream. Excludes `serverAccessLogsBucket` and `removalPolicy`; its lifecycle is
   * your affair. Give an imported bucket its `encryptionKey` where it has one; one of another account needs a policy
   * that lets the role of the channel write.
   *
   * @default - a new bucket: private, encrypted, TLS only, versioned, with lifecycle rules
   */
  readonly bucket?: s3.IBucket;

  /**
   * What the keys of all objects begin with, for a bucket that holds other things too: letters, digits and `. _ -` in
   * segments that each end with a slash, 505 characters at most.
   *
   * @default - nothing
   */
  readonly prefix?: string;

  /**
   * The longest Kinesis gathers before it writes an object: 300 to 900 seconds, in whole seconds. One of the two
   * settings that a channel lets be changed once it is there.
   *
   * @default Duration.minutes(5)
   */
  readonly dataFreshness?: Duration;

  /**
   * How long events are kept, in whole days; and how far back the table looks, for your own bucket too.
   *
   * @default Duration.days(90)
   */
  readonly retention?: Duration;

  /**
   * How long the results of queries are kept, in whole days.
   *
   * @default Duration.days(7)
   */
  readonly queryResultRetention?: Duration;

  /**
   * How long the log group with the channel's delivery errors keeps them.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * A customer key for the bucket (unless it is yours), the log group and the results of queries. The key policy of a
   * key of this app is extended for CloudWatch Logs; an imported one has to allow it already.
   *
   * @default - keys of the services
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Where S3 writes its access logs of the bucket.
   *
   * @default - access is not logged, which AwsSolutions-S1 of cdk-nag points out
   */
  readonly serverAccessLogsBucket?: s3.IBucket;

  /**
   * What happens to the bucket when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The most a single query of the workgroup may read, from 10 MB on. Athena bills by what is read.
   *
   * @default Size.gibibytes(10)
   */
  readonly queryScanLimit?: Size;
}
