import * as cdk from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { TelemetryArchive, type TelemetryArchiveProps } from '../../src';
import { newStack } from './fixture';
import { coreFindings, NAG_PACKS, nagFindings } from './rule-findings';

function newArchive(props: Partial<TelemetryArchiveProps> = {}, stack = newStack()) {
  const stream = new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.MANAGED });
  return { stack, archive: new TelemetryArchive(stack, 'Archive', { stream, transform: {}, ...props }) };
}

describe('cdk-nag', () => {
  const BY_CHOICE = /S3Bucket(ReplicationEnabled|DefaultLockEnabled)$/;

  test.each(Object.entries(NAG_PACKS))('finds no more with a transform than without: %s', (_, Pack) => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    const serverAccessLogsBucket = s3.Bucket.fromBucketName(stack, 'Logs', 'logs');
    newArchive({ encryptionKey, serverAccessLogsBucket }, stack);
    expect(nagFindings(new Pack(), stack).filter((rule) => !BY_CHOICE.test(rule))).toEqual([]);
  });

  test('AwsSolutions finds nothing in the function even without what is acknowledged', () => {
    const { archive, stack } = newArchive();
    const fn = archive.transformFunction?.node.defaultChild as cdk.CfnResource;
    expect(fn.getMetadata('cdk_nag').rules_to_suppress.map(({ id }: { id: string }) => id)).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^AwsSolutions/)]),
    );
    expect(nagFindings(new AwsSolutionsChecks(), stack)).toEqual(['AwsSolutions-S1']);
  });
});

describe.runIf('CloudFormationValidatePlugin' in cdk)("the core's own template validation", () => {
  test('has no findings', () => {
    const { stack } = newArchive();
    expect(coreFindings(stack)).toEqual([]);
  });
});
