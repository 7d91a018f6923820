import { Stack } from 'aws-cdk-lib';
import type * as athena from 'aws-cdk-lib/aws-athena';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { keyArns } from '../key-arns';
import type { ArchiveCatalog } from './archive-catalog';
import type { ArchiveLayout } from './archive-layout';

/** What there is to ask questions of. */
export interface QueriedArchive {
  readonly bucket: s3.IBucket;
  readonly layout: ArchiveLayout;
  readonly catalog: ArchiveCatalog;
  readonly workgroup: athena.CfnWorkGroup;
  /** Of query results, beside that of the bucket. */
  readonly encryptionKey?: kms.IKey;
}

/** What somebody needs who asks questions through the workgroup, and nothing of other workgroups. */
export function grantQueries(archive: QueriedArchive, grantee: iam.IGrantable): iam.Grant {
  return queryRights(archive)
    .map(({ actions, resourceArns }) => iam.Grant.addToPrincipal({ grantee, actions, resourceArns }))
    .reduce((all, one) => all.combine(one));
}

interface Right {
  readonly actions: string[];
  readonly resourceArns: string[];
}

function queryRights({ bucket, layout, catalog, workgroup, encryptionKey }: QueriedArchive): Right[] {
  const workgroupArn = Stack.of(workgroup).formatArn({
    service: 'athena',
    resource: 'workgroup',
    resourceName: workgroup.name,
  });
  const arns = keyArns(bucket.encryptionKey, encryptionKey);
  const allow = (actions: string[], resourceArns: string[]): Right => ({ actions, resourceArns });
  const rights = [
    allow(
      [
        'athena:BatchGetNamedQuery',
        'athena:GetNamedQuery',
        'athena:GetQueryExecution',
        'athena:GetQueryResults',
        'athena:GetWorkGroup',
        'athena:ListNamedQueries',
        'athena:StartQueryExecution',
        'athena:StopQueryExecution',
      ],
      [workgroupArn],
    ),
    allow(['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'], catalog.arns),
    allow(['s3:GetBucketLocation', 's3:ListBucket'], [bucket.bucketArn]),
    allow(['s3:GetObject'], [bucket.arnForObjects(`${layout.events}*`)]),
    allow(
      ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
      [bucket.arnForObjects(`${layout.queryResults}*`)],
    ),
  ];
  if (arns.length > 0) rights.push(allow(['kms:Decrypt', 'kms:GenerateDataKey'], arns));
  return rights;
}
