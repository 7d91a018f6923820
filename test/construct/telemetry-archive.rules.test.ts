import type { Stack } from 'aws-cdk-lib';
import * as cdk from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks, type NagPack } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { ArchiveFormat, KinesisTelemetryExtension, TelemetryArchive, type TelemetryArchiveProps } from '../../src';
import { newStack } from './fixture';
import { coreFindings, NAG_PACKS, nagFindings } from './rule-findings';

type Given = Partial<TelemetryArchiveProps>;

describe('cdk-nag', () => {
  function findings(pack: NagPack, props: (stack: Stack) => Given = () => ({})): string[] {
    const stack = newStack();
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
    new TelemetryArchive(stack, 'Archive', { stream: telemetry.stream, ...props(stack) });
    return nagFindings(pack, stack);
  }
  const BY_CHOICE = /S3Bucket(ReplicationEnabled|DefaultLockEnabled)$/;
  const hardened = (stack: Stack): Given => ({
    encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
    serverAccessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'logs'),
  });

  test('AwsSolutions has nothing to say but that access to the bucket is not logged', () => {
    expect(findings(new AwsSolutionsChecks())).toEqual(['AwsSolutions-S1']);
  });

  test('AwsSolutions has nothing to say with a bucket for access logs, for Parquet neither', () => {
    expect(findings(new AwsSolutionsChecks(), hardened)).toEqual([]);
    expect(
      findings(new AwsSolutionsChecks(), (stack) => ({ ...hardened(stack), format: ArchiveFormat.PARQUET })),
    ).toEqual([]);
  });

  const { AwsSolutionsChecks: _, ...others } = NAG_PACKS;
  test.each(Object.entries(others))(
    'with a key and a bucket for access logs %s asks for replication and object lock alone',
    (_, Pack) => {
      expect(findings(new Pack(), hardened).filter((rule) => !BY_CHOICE.test(rule))).toEqual([]);
    },
  );
});

describe.runIf('CloudFormationValidatePlugin' in cdk)("the core's own template validation", () => {
  test.each([ArchiveFormat.JSON_GZIP, ArchiveFormat.PARQUET])('has no findings: %s', (format) => {
    const stack = newStack();
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
    new TelemetryArchive(stack, 'Archive', { stream: telemetry.stream, format });
    expect(coreFindings(stack)).toEqual([]);
  });
});
