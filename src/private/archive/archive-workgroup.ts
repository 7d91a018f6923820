import { Names, Size } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { sizeInBytes } from '../validation';
import type { ArchiveCatalog } from './archive-catalog';
import type { ArchiveLayout } from './archive-layout';
import { ARCHIVE_QUERIES } from './archive-queries';

/** Athena takes no smaller one, in bytes. */
const MIN_SCAN_LIMIT = 10_000_000;

/** A workgroup whose settings nobody can step around, with the queries of this library. */
export function createWorkgroup(
  scope: Construct,
  props: {
    readonly bucket: s3.IBucket;
    readonly layout: ArchiveLayout;
    readonly catalog: ArchiveCatalog;
    readonly encryptionKey?: kms.IKey;
    readonly queryScanLimit?: Size;
  },
): athena.CfnWorkGroup {
  const { bucket, layout, catalog, queryScanLimit = Size.gibibytes(10) } = props;
  const scanLimitBytes = sizeInBytes(scope, 'queryScanLimit', queryScanLimit, MIN_SCAN_LIMIT, Number.MAX_SAFE_INTEGER);
  const key = props.encryptionKey ?? bucket.encryptionKey;
  const workgroup = new athena.CfnWorkGroup(scope, 'Workgroup', {
    name: Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' }),
    description: 'Queries of Lambda telemetry',
    recursiveDeleteOption: true, // with its history of queries it could not be deleted otherwise
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: scanLimitBytes,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: bucket.s3UrlForObject(layout.queryResults),
        expectedBucketOwner: bucket.env.account,
        encryptionConfiguration: key
          ? { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn }
          : { encryptionOption: 'SSE_S3' },
      },
    },
  });
  for (const { name, description, sql } of ARCHIVE_QUERIES) {
    const query = new athena.CfnNamedQuery(scope, `Query-${name}`, {
      name,
      description,
      queryString: sql,
      database: catalog.databaseName,
      workGroup: workgroup.ref,
    });
    query.node.addDependency(catalog.table);
  }
  return workgroup;
}
