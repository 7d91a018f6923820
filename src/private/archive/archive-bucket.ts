import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { TelemetryArchiveProps } from '../../telemetry-archive-props';
import { telemetryError } from '../errors';
import type { ArchiveDays } from './archive-durations';
import type { ArchiveLayout } from './archive-layout';

const DAYS_OF_OLD_VERSIONS = 7;

/** The bucket that was given, or a new one. */
export function archiveBucket(
  scope: Construct,
  id: string,
  layout: ArchiveLayout,
  props: TelemetryArchiveProps,
  days: ArchiveDays,
): s3.IBucket {
  if (props.bucket) return withoutOthers(scope, props.bucket, props);
  const { encryptionKey, serverAccessLogsBucket, removalPolicy = RemovalPolicy.RETAIN } = props;
  return new s3.Bucket(scope, id, {
    encryption: encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey,
    bucketKeyEnabled: encryptionKey ? true : undefined,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    serverAccessLogsBucket,
    serverAccessLogsPrefix: serverAccessLogsBucket ? 'telemetry-archive/' : undefined,
    removalPolicy,
    lifecycleRules: [
      expiry('events', layout.events, days.events),
      expiry('errors', layout.errors, days.events),
      expiry('query-results', layout.queryResults, days.queryResults),
      { id: 'abandoned-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
}

function expiry(id: string, prefix: string, days: number): s3.LifecycleRule {
  return {
    id,
    prefix,
    expiration: Duration.days(days),
    noncurrentVersionExpiration: Duration.days(DAYS_OF_OLD_VERSIONS),
  };
}

function withoutOthers(scope: Construct, bucket: s3.IBucket, props: TelemetryArchiveProps): s3.IBucket {
  const given = (['serverAccessLogsBucket', 'removalPolicy'] as const).filter((name) => props[name] !== undefined);
  if (given.length === 0) return bucket;
  throw telemetryError(scope, {
    code: 'KTE_ARCHIVE_BUCKET',
    wrong: 'props of a new bucket are given beside a bucket',
    found: `bucket and ${given.join(', ')}`,
    allowed: '"bucket" (yours, with its own settings), or props for a new one',
    instead: `take "bucket" out, or make these settings on your bucket`,
  });
}
