import { Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { ArchiveLayout } from './archive-layout';

export interface Right {
  readonly actions: string[];
  readonly resourceArns: string[];
}

/** What somebody needs who asks questions through the workgroup, and nothing of other workgroups. */
export function queryRights(
  scope: IConstruct,
  props: {
    readonly bucket: s3.IBucket;
    readonly layout: ArchiveLayout;
    readonly catalogArns: string[];
    readonly workgroupName: string;
    /** Of events and of query results. */
    readonly keyArns: string[];
  },
): Right[] {
  const { bucket, layout, keyArns } = props;
  const workgroupArn = Stack.of(scope).formatArn({
    service: 'athena',
    resource: 'workgroup',
    resourceName: props.workgroupName,
  });
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
    allow(['glue:GetDatabase', 'glue:GetPartitions', 'glue:GetTable'], props.catalogArns),
    allow(['s3:GetBucketLocation', 's3:ListBucket'], [bucket.bucketArn]),
    allow(['s3:GetObject'], [bucket.arnForObjects(`${layout.events}*`)]),
    allow(
      ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
      [bucket.arnForObjects(`${layout.queryResults}*`)],
    ),
  ];
  if (keyArns.length > 0) rights.push(allow(['kms:Decrypt', 'kms:GenerateDataKey'], keyArns));
  return rights;
}
