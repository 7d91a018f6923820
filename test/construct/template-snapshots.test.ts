import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { KinesisTelemetryExtension, type KinesisTelemetryExtensionProps } from '../../src';
import { HERE, newFunction, newStack, templateOf } from './fixture';

// Each release of the extension changes the hash of the zip, and nothing else may change with it.
expect.addSnapshotSerializer({
  test: (value) => typeof value === 'string' && /[0-9a-f]{64}/.test(value),
  serialize: (value: string) => JSON.stringify(value.replace(/[0-9a-f]{64}/g, '<hash>')),
});

function snapshot(stack: Stack): Record<string, unknown> {
  const { Resources, Parameters, Outputs } = templateOf(stack).toJSON();
  const { BootstrapVersion: _, ...parameters } = Parameters ?? {};
  return { Resources, Parameters: parameters, Outputs };
}

function attached(props?: (stack: Stack) => KinesisTelemetryExtensionProps, stack = newStack()): Stack {
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', props?.(stack));
  telemetry.addToFunction(newFunction(stack));
  return stack;
}

const streamArn = 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine';

// Reviewed: a change here is a change of what users deploy. `npx vitest run --update` after having read it.
describe('the template', () => {
  test('of the defaults with one function is as reviewed', () => {
    expect(snapshot(attached())).toMatchSnapshot();
  });

  test('with a customer key is as reviewed', () => {
    const stack = attached((scope) => ({ streamProps: { encryptionKey: new kms.Key(scope, 'Key') } }));
    expect(snapshot(stack)).toMatchSnapshot();
  });

  test('with an imported stream is as reviewed', () => {
    const stack = attached(
      (scope) => ({ stream: kinesis.Stream.fromStreamArn(scope, 'Mine', streamArn) }),
      newStack({ env: HERE }),
    );
    expect(snapshot(stack)).toMatchSnapshot();
  });

  test('of a stack that reads the parameters of another is as reviewed', () => {
    const stack = newStack();
    KinesisTelemetryExtension.fromParameters(stack, 'Telemetry').addToFunction(newFunction(stack));
    expect(snapshot(stack)).toMatchSnapshot();
  });

  test('of two stacks with a reference from one to the other is as reviewed', () => {
    const app = new App();
    const owner = new Stack(app, 'Owner', { env: HERE });
    const user = new Stack(app, 'User', { env: HERE });
    new KinesisTelemetryExtension(owner, 'Telemetry').addToFunction(newFunction(user));
    expect({ owner: snapshot(owner), user: snapshot(user) }).toMatchSnapshot();
  });

  test('is masked where it depends on the bytes of the extension, and nowhere else', () => {
    const text = readFileSync(join(__dirname, '__snapshots__/template-snapshots.test.ts.snap'), 'utf8');
    expect(text).not.toMatch(/[0-9a-f]{64}/);
    const masked = text.split('\n').filter((line) => line.includes('<hash>'));
    expect(masked.length).toBeGreaterThan(0);
    expect(masked.filter((line) => !line.includes('"S3Key": "<hash>.zip"'))).toEqual([]);
  });
});

describe('the layer version', () => {
  // The logical id must not follow the content: CloudFormation makes the new version first and removes the old one
  // when the update has succeeded, so that a rollback still finds it.
  test('keeps its logical id when its content changes, so that it is replaced and can be rolled back', () => {
    const stack = attached();
    const [id] = Object.keys(templateOf(stack).findResources('AWS::Lambda::LayerVersion'));
    expect(id).toBe('TelemetryLayer93D1AD34');
  });

  test('is kept for consumers that roll back later when layerRemovalPolicy is RETAIN', () => {
    const stack = attached(() => ({ layerRemovalPolicy: RemovalPolicy.RETAIN }));
    templateOf(stack).hasResource('AWS::Lambda::LayerVersion', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  test('goes with the stack by default', () => {
    const [layer] = Object.values(templateOf(attached()).findResources('AWS::Lambda::LayerVersion'));
    expect(layer?.DeletionPolicy ?? 'Delete').toBe('Delete');
    expect(layer?.UpdateReplacePolicy ?? 'Delete').toBe('Delete');
  });
});
