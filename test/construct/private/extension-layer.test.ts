import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension } from '../../../src';
import { errorOf, newStack, templateOf } from '../fixture';

test('declares the runtimes and architectures it works on', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry');
  templateOf(stack).hasResourceProperties('AWS::Lambda::LayerVersion', {
    CompatibleRuntimes: ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'],
    CompatibleArchitectures: ['x86_64', 'arm64'],
  });
});

test('carries description and licence', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry');
  templateOf(stack).hasResourceProperties('AWS::Lambda::LayerVersion', {
    Description: Match.stringLikeRegexp('Kinesis'),
    LicenseInfo: 'Apache-2.0',
  });
});

test('has a name of its own in each stack', () => {
  const app = new App();
  const stacks = [new Stack(app, 'One'), new Stack(app, 'Two')];
  for (const stack of stacks) new KinesisTelemetryExtension(stack, 'Telemetry');
  const names = stacks.map((stack) => {
    const [layer] = Object.values(templateOf(stack).findResources('AWS::Lambda::LayerVersion'));
    return layer?.Properties.LayerName;
  });
  expect(new Set(names).size).toBe(2);
});

test('has the name it is given', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry', { layerVersionName: 'kinesis-telemetry' });
  templateOf(stack).hasResourceProperties('AWS::Lambda::LayerVersion', { LayerName: 'kinesis-telemetry' });
});

test.each(['', 'with space', 'x'.repeat(65)])('fails for the name "%s"', (layerVersionName) => {
  const error = errorOf(() => new KinesisTelemetryExtension(newStack(), 'Telemetry', { layerVersionName }));
  expect(error.code).toBe('KTE_LAYER_NAME');
});

test('keeps old versions when asked to', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry', { layerRemovalPolicy: RemovalPolicy.RETAIN });
  templateOf(stack).hasResource('AWS::Lambda::LayerVersion', { DeletionPolicy: 'Retain' });
});
