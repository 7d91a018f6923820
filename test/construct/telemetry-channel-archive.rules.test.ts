import type { Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks, type NagPack } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { TelemetryArchive, TelemetryChannelArchive } from '../../src';
import { newStack } from './fixture';
import { coreFindings, NAG_PACKS, nagFindings } from './rule-findings';

// older ones know no channels
describe.runIf('CfnChannel' in kinesis)('rules for a channel', () => {
  function withKeys(Archive: typeof TelemetryArchive | typeof TelemetryChannelArchive = TelemetryChannelArchive) {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    const stream = new kinesis.Stream(stack, 'Stream', { streamMode: kinesis.StreamMode.ON_DEMAND, encryptionKey });
    return { stack, archive: new Archive(stack, 'Archive', { stream, encryptionKey }) };
  }

  const findings = (pack: NagPack, { stack }: { readonly stack: Stack }) => nagFindings(pack, stack);

  test.each(Object.entries(NAG_PACKS))(
    '%s of cdk-nag finds in it what it finds in TelemetryArchive, no more',
    (_, Pack) => {
      expect(findings(new Pack(), withKeys())).toEqual(findings(new Pack(), withKeys(TelemetryArchive)));
    },
  );

  test('AwsSolutions has no more than the access log that is yours to give, and its wish for the key of AWS', () => {
    expect(findings(new AwsSolutionsChecks(), withKeys())).toEqual(['AwsSolutions-KDS3', 'AwsSolutions-S1']);
  });

  test("the core's own template validation finds nothing", () => {
    expect(coreFindings(withKeys().stack)).toEqual([]);
  });

  test("the core's own template validation knows channels: an unknown property is found", () => {
    const { stack, archive } = withKeys();
    (archive as TelemetryChannelArchive).channel.addPropertyOverride('NoSuchProperty', 1);
    expect(coreFindings(stack)).toEqual(['F3002']); // additional properties are not allowed
  });
});
