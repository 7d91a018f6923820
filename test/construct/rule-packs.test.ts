import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CfnResource, Stack } from 'aws-cdk-lib';
import * as cdk from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { KinesisTelemetryExtension } from '../../src';
import { newStack } from './fixture';

describe('cdk-nag', () => {
  const packs = {
    AwsSolutionsChecks,
    HIPAASecurityChecks,
    NIST80053R4Checks,
    NIST80053R5Checks,
    PCIDSS321Checks,
    ServerlessChecks,
  };

  // called directly: as a plugin cdk-nag 3 needs a core newer than the oldest we support
  function findings(pack: NagPack, stack: Stack): string[] {
    return pack.validateScope(stack).violations.map(({ ruleName }) => ruleName);
  }

  test.each(Object.entries(packs))('has no findings in the defaults: %s', (_, Pack) => {
    const stack = newStack();
    new KinesisTelemetryExtension(stack, 'Telemetry');
    expect(findings(new Pack(), stack)).toEqual([]);
  });

  test('is in force: a stream without encryption is found', () => {
    const stack = newStack();
    const streamProps = { encryption: kinesis.StreamEncryption.UNENCRYPTED };
    new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps });
    expect(findings(new AwsSolutionsChecks(), stack)).toEqual(['AwsSolutions-KDS1']);
  });
});

// came with CDK 2.265; the oldest that we support has none
describe.runIf('CloudFormationValidatePlugin' in cdk)("the core's own template validation", () => {
  afterEach(() => vi.unstubAllEnvs());

  function findings(stack: Stack): string[] {
    vi.stubEnv('CDK_VALIDATION', 'true');
    const file = join((stack.node.root as cdk.App).synth().directory, 'validation-report.json');
    if (!existsSync(file)) return []; // written when there is something to write
    const { pluginReports } = JSON.parse(readFileSync(file, 'utf8'));
    // biome-ignore lint/suspicious/noExplicitAny: a JSON file
    return pluginReports.flatMap((plugin: any) => plugin.violations.map((violation: any) => violation.ruleName));
  }

  test('has no findings in the defaults', () => {
    const stack = newStack();
    new KinesisTelemetryExtension(stack, 'Telemetry');
    expect(findings(stack)).toEqual([]);
  });

  test('is in force: an unknown property is found', () => {
    const stack = newStack();
    const { layerVersion } = new KinesisTelemetryExtension(stack, 'Telemetry');
    (layerVersion.node.defaultChild as CfnResource).addPropertyOverride('NoSuchProperty', 1);
    expect(findings(stack)).not.toEqual([]);
  });
});
