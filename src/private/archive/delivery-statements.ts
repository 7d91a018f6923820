import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ArchiveLayout } from './archive-layout';

export interface DeliveryTargets {
  readonly stream: kinesis.IStream;
  readonly bucket: s3.IBucket;
  readonly layout: ArchiveLayout;
  readonly logStreamArn: string;
  /** Catalog, database and table, where Firehose needs the schema. */
  readonly schemaArns?: string[];
  /** The function that Firehose lets transform records. */
  readonly transformArn?: string;
}

/**
 * The least that Firehose needs to read the stream and to write the bucket. By hand: the grants of CDK add the right
 * to delete objects and to change their tags and locks.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 */
export function deliveryStatements(scope: Construct, targets: DeliveryTargets): iam.PolicyStatement[] {
  const { stream, bucket, layout, logStreamArn, schemaArns, transformArn } = targets;
  const { region, urlSuffix } = Stack.of(scope);
  const statements = [
    allow(
      [
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
      ],
      [stream.streamArn],
    ),
    allow(['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], [bucket.bucketArn]),
    allow(
      ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      [bucket.arnForObjects(`${layout.events}*`), bucket.arnForObjects(`${layout.errors}*`)],
    ),
    allow(['logs:PutLogEvents'], [logStreamArn]),
  ];
  if (schemaArns) {
    statements.push(allow(['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'], schemaArns));
  }
  if (transformArn) {
    // to IAM the function and its $LATEST, by which it may be called too, are two resources
    const arns = [transformArn, `${transformArn}:$LATEST`];
    statements.push(allow(['lambda:GetFunctionConfiguration', 'lambda:InvokeFunction'], arns));
  }
  if (stream.encryptionKey) {
    statements.push(
      allow(['kms:Decrypt'], [stream.encryptionKey.keyArn], {
        'kms:ViaService': `kinesis.${region}.${urlSuffix}`,
        'kms:EncryptionContext:aws:kinesis:arn': stream.streamArn,
      }),
    );
  }
  if (bucket.encryptionKey) {
    statements.push(
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], [bucket.encryptionKey.keyArn], {
        'kms:ViaService': `s3.${region}.${urlSuffix}`,
      }),
    );
  }
  return statements;
}

function allow(actions: string[], resources: string[], equals?: Record<string, string>): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources, conditions: equals && { StringEquals: equals } });
}
