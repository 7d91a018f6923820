import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ArchiveFormat } from './archive-format';
import type { RecordFormat } from './record-format';
import type { TelemetryTransformOptions } from './telemetry-transform-options';

/**
 * Properties of `TelemetryArchive`.
 */
export interface TelemetryArchiveProps {
  /**
   * The stream with the telemetry, for example `telemetry.stream`. In the Region of the archive.
   */
  readonly stream: kinesis.IStream;

  /**
   * The format that the functions write (`ExtensionOptions.recordFormat`), the same for all of them: Firehose joins
   * records byte by byte and does not compress NDJSON_GZIP again.
   *
   * @default RecordFormat.NDJSON
   */
  readonly recordFormat?: RecordFormat;

  /**
   * How events lie in the bucket.
   *
   * @default ArchiveFormat.JSON_GZIP
   */
  readonly format?: ArchiveFormat;

  /**
   * A Lambda function on the way to the bucket that filters, flattens and tags events. `{}` flattens them.
   *
   * @default - events are archived as they are, without a function
   */
  readonly transform?: TelemetryTransformOptions;

  /**
   * Your bucket. Excludes `serverAccessLogsBucket` and `removalPolicy`; its lifecycle is your affair. Give an imported
   * bucket its `encryptionKey` where it has one.
   *
   * @default - a new bucket: private, encrypted, TLS only, versioned, with lifecycle rules
   */
  readonly bucket?: s3.IBucket;

  /**
   * What the keys of all objects begin with, for a bucket that holds other things too: ends with a slash.
   *
   * @default - nothing
   */
  readonly prefix?: string;

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
   * How long the log group with Firehose's delivery errors keeps them, and that of `transform`.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * A customer key for the bucket (unless it is yours), the log groups and the results of queries. The key policy of a
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
   * The longest Firehose gathers before it writes an object: 0 to 900 seconds, in whole seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly bufferInterval?: Duration;

  /**
   * How much Firehose gathers before it writes an object: 1 to 128 MiB, for PARQUET 64 to 128 MiB.
   *
   * @default Size.mebibytes(64)
   */
  readonly bufferSize?: Size;

  /**
   * The most a single query of the workgroup may read, from 10 MB on. Athena bills by what is read.
   *
   * @default Size.gibibytes(10)
   */
  readonly queryScanLimit?: Size;
}
