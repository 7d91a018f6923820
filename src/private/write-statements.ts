import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { streamResource } from './stream-resource';

export const WRITE_ACTION = 'kinesis:PutRecords';
export const WRITE_KEY_ACTION = 'kms:GenerateDataKey';

/**
 * The least that PutRecords needs. Written by hand: CDK's `grantWrite` adds PutRecord, ListShards, kms:Encrypt,
 * kms:ReEncrypt* and kms:GenerateDataKey*. The AWS managed key asks nothing of producers.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
 */
export function writeStatements(stream: kinesis.IStream): iam.PolicyStatement[] {
  const statements = [new iam.PolicyStatement({ actions: [WRITE_ACTION], resources: [stream.streamArn] })];
  if (stream.encryptionKey) {
    statements.push(
      new iam.PolicyStatement({
        actions: [WRITE_KEY_ACTION],
        resources: [stream.encryptionKey.keyArn],
        conditions: writeKeyConditions(stream),
      }),
    );
  }
  return statements;
}

/** The key may be used for this stream alone: Kinesis names the stream in the encryption context. */
export function writeKeyConditions(stream: kinesis.IStream): Record<string, Record<string, string>> {
  return { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': stream.streamArn } };
}

/**
 * The same in the policy of the key itself, where the ARN of a stream that uses the key would be a cycle: any stream of
 * the account and Region, or the one when its name was chosen.
 */
export function keyPolicyConditions(stream: kinesis.IStream): Record<string, Record<string, string>> {
  const arn = Stack.of(stream).formatArn({
    service: 'kinesis',
    resource: 'stream',
    account: stream.env.account,
    region: stream.env.region,
    resourceName: chosenName(stream) ?? '*',
  });
  return { StringLike: { 'kms:EncryptionContext:aws:kinesis:arn': arn } };
}

function chosenName(stream: kinesis.IStream): string | undefined {
  const resource = streamResource(stream);
  const name = resource ? resource.name : stream.streamName;
  return Token.isUnresolved(name) ? undefined : name;
}
