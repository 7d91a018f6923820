import { join } from 'node:path';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import type { CfnResource, Stack } from 'aws-cdk-lib';
import * as cdk from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, type NagPack } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { KinesisTelemetryExtension, type KinesisTelemetryExtensionProps } from '../../src';
import { HERE, newFunction, newStack } from './fixture';
import { coreFindings, NAG_PACKS, nagFindings } from './rule-findings';

describe('cdk-nag', () => {
  const cases = Object.entries(NAG_PACKS).flatMap(([name, Pack]) => [
    [name, 'without a fixed environment', Pack, {}] as const,
    [name, 'with a fixed environment', Pack, { env: HERE }] as const,
  ]);

  test.each(cases)('has no findings in the defaults: %s, %s', (_, __, Pack, stackProps) => {
    const stack = newStack(stackProps);
    new KinesisTelemetryExtension(stack, 'Telemetry');
    expect(nagFindings(new Pack(), stack)).toEqual([]);
  });

  // docs/attaching.md says so too: the rule asks for the AWS managed key and takes every other one for none
  test.each(Object.entries(NAG_PACKS))(
    'finds with a customer key no more than KDS3 of AwsSolutions: %s',
    (name, Pack) => {
      const stack = newStack();
      const encryptionKey = new kms.Key(stack, 'Key', { enableKeyRotation: true });
      const props = { streamProps: { encryptionKey }, producerAccounts: ['222222222222'] };
      new KinesisTelemetryExtension(stack, 'Telemetry', props);
      expect(nagFindings(new Pack(), stack)).toEqual(name === 'AwsSolutionsChecks' ? ['AwsSolutions-KDS3'] : []);
    },
  );

  function addedTo(
    Pack: new () => NagPack,
    attach: (telemetry: KinesisTelemetryExtension, fn: lambda.Function) => void,
  ) {
    const found = (act: typeof attach) => {
      const stack = newStack();
      act(new KinesisTelemetryExtension(stack, 'Telemetry'), newFunction(stack));
      return [...new Set(nagFindings(new Pack(), stack))];
    };
    const before = found(() => {});
    return found(attach).filter((rule) => !before.includes(rule));
  }

  test.each(Object.entries(NAG_PACKS))('finds no more in a function with the extension than without: %s', (_, Pack) => {
    expect(addedTo(Pack, (telemetry, fn) => telemetry.addToFunction(fn))).toEqual([]);
  });

  // docs/attaching.md says so: a deny, and PermissionMode.INLINE, are inline policies
  test.each(Object.entries(NAG_PACKS))(
    'finds with CloudWatch Logs denied no more than an inline policy: %s',
    (_, Pack) => {
      const added = addedTo(Pack, (telemetry, fn) => telemetry.addToFunction(fn, { denyCloudWatchLogs: true }));
      expect(added.filter((rule) => !rule.endsWith('-IAMNoInlinePolicy'))).toEqual([]);
    },
  );

  test('is in force: a stream without encryption is found', () => {
    const stack = newStack();
    const streamProps = { encryption: kinesis.StreamEncryption.UNENCRYPTED };
    new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps });
    expect(nagFindings(new AwsSolutionsChecks(), stack)).toEqual(['AwsSolutions-KDS1']);
  });
});

describe.runIf(['linux', 'darwin'].includes(process.platform))('cfn-guard with the rules of Control Tower', () => {
  function findings(stack: Stack): string[] {
    const { directory } = (stack.node.root as cdk.App).synth();
    const context = { templatePaths: [join(directory, stack.templateFile)] };
    const { success, violations } = new CfnGuardValidator().validate(context as cdk.IPolicyValidationContextBeta1);
    expect(success).toBe(violations.length === 0);
    return violations.map(({ ruleName }) => ruleName);
  }

  test.each([
    ['without', {}],
    ['with', { env: HERE }],
  ])('has no findings in the defaults %s a fixed environment', (_, stackProps) => {
    const stack = newStack(stackProps);
    new KinesisTelemetryExtension(stack, 'Telemetry');
    expect(findings(stack)).toEqual([]);
  });

  test('finds with a customer key and producers no more than in the key itself', () => {
    const stackWith = (props: (encryptionKey: kms.Key) => KinesisTelemetryExtensionProps) => {
      const stack = newStack();
      const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
      new KinesisTelemetryExtension(stack, 'Telemetry', props(key));
      return stack;
    };
    const producerAccounts = ['222222222222'];
    const used = stackWith((encryptionKey) => ({ streamProps: { encryptionKey }, producerAccounts }));
    expect(findings(used)).toEqual(findings(stackWith(() => ({}))));
  });

  test('is in force: a stream without encryption is found', () => {
    const stack = newStack();
    const streamProps = { encryption: kinesis.StreamEncryption.UNENCRYPTED };
    new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps });
    expect(findings(stack)).toEqual(['kinesis_stream_encrypted_check']);
  });
});

// came with CDK 2.265; the oldest that we support has none
describe.runIf('CloudFormationValidatePlugin' in cdk)("the core's own template validation", () => {
  test.each([
    ['without', {}],
    ['with', { env: HERE }],
  ])('has no findings in the defaults %s a fixed environment', (_, stackProps) => {
    const stack = newStack(stackProps);
    new KinesisTelemetryExtension(stack, 'Telemetry');
    expect(coreFindings(stack)).toEqual([]);
  });

  test('is in force: an unknown property is found', () => {
    const stack = newStack();
    const { layerVersion } = new KinesisTelemetryExtension(stack, 'Telemetry');
    (layerVersion.node.defaultChild as CfnResource).addPropertyOverride('NoSuchProperty', 1);
    expect(coreFindings(stack)).not.toEqual([]);
  });
});
