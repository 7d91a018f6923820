import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import type { ArchiveLayout } from '../archive/archive-layout';
import type { DeliveryLog } from '../archive/delivery-log';
import { keyArns } from '../key-arns';

export interface ChannelTargets {
  readonly stream: kinesis.IStream;
  readonly bucket: s3.IBucket;
  readonly layout: ArchiveLayout;
  readonly log: DeliveryLog;
}

/**
 * What AWS lists for a channel to S3, no more. Three names of that list are absent: CreateMultipartUpload, UploadPart
 * and CompleteMultipartUpload are calls, and PutObject is the right that all of them ask for. Reading the stream takes
 * no right of the role, decrypting does.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/data-delivery-iam.html
 */
export function channelStatements(scope: IConstruct, targets: ChannelTargets): iam.PolicyStatement[] {
  const { bucket, layout } = targets;
  return [
    allow(['s3:ListBucket', 's3:ListBucketMultipartUploads'], [bucket.bucketArn]),
    allow(['s3:ListMultipartUploadParts', 's3:PutObject'], [bucket.arnForObjects(`${layout.events}*`)]),
    allow(['s3:PutObject'], [bucket.arnForObjects(`${layout.errors}*`)]),
    ...logStatements(targets.log),
    ...keyStatements(scope, targets),
  ];
}

/**
 * Group and stream exist; AWS lists the rights to create them nevertheless. `group.logGroupArn` ends with a wildcard.
 */
function logStatements({ streamArn }: DeliveryLog): iam.PolicyStatement[] {
  const [groupArn = streamArn] = streamArn.split(':log-stream:');
  return [
    allow(['logs:CreateLogGroup'], [groupArn]),
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [streamArn]),
  ];
}

function keyStatements(scope: IConstruct, { stream, bucket }: ChannelTargets): iam.PolicyStatement[] {
  const { region, urlSuffix } = Stack.of(scope);
  const viaKinesis = { 'kms:ViaService': `kinesis.${region}.${urlSuffix}` };
  const arns = keyArns(stream.encryptionKey, bucket.encryptionKey);
  const statements: iam.PolicyStatement[] = [];
  if (arns.length > 0) {
    // tried when the channel is created, where there may be no service in between
    statements.push(allow(['kms:Decrypt', 'kms:GenerateDataKey'], arns, { StringEqualsIfExists: viaKinesis }));
  }
  if (bucket.encryptionKey) {
    statements.push(
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], [bucket.encryptionKey.keyArn], {
        StringEquals: { 'kms:ViaService': `s3.${region}.${urlSuffix}` },
        // with an S3 bucket key it is the ARN of the bucket, without one that of the object
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucket.bucketArn, bucket.arnForObjects('*')] },
      }),
    );
  }
  if (stream.encryptionKey) {
    statements.push(
      allow(['kms:Decrypt'], [stream.encryptionKey.keyArn], {
        StringEqualsIfExists: viaKinesis,
        StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': stream.streamArn },
      }),
    );
  }
  return statements;
}

function allow(actions: string[], resources: string[], conditions?: iam.Conditions): iam.PolicyStatement {
  return new iam.PolicyStatement({ actions, resources, conditions });
}
