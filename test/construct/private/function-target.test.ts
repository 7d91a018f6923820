import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension } from '../../../src';
import { errorOf, functionProperties, newFunction, newStack, warningsOf } from '../fixture';

test('attaches to a NodejsFunction', () => {
  const stack = newStack();
  stack.node.setContext('aws:cdk:bundling-stacks', []);
  const fn = new NodejsFunction(stack, 'Function', { entry: __filename, runtime: lambda.Runtime.NODEJS_22_X });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn);
  expect(functionProperties(stack).Layers).toHaveLength(1);
});

test('attaches to a SingletonFunction once, however many of its constructs are passed', () => {
  const stack = newStack();
  const props = {
    uuid: 'one',
    lambdaPurpose: 'Function',
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
  };
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToFunction(new lambda.SingletonFunction(stack, 'First', props));
  telemetry.addToFunction(new lambda.SingletonFunction(stack, 'Second', props));
  expect(functionProperties(stack, 'Functionone').Layers).toHaveLength(1);
});

test('attaches to a Node.js runtime that came after this release', () => {
  const stack = newStack();
  const runtime = new lambda.Runtime('nodejs98.x', lambda.RuntimeFamily.NODEJS, { supportsInlineCode: true });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack, 'Function', { runtime }));
  expect(functionProperties(stack).Layers).toHaveLength(1);
  expect(warningsOf(stack, 'unknown-runtime')).toEqual([]);
});

test('attaches to the latest Node.js runtime of a Region', () => {
  const stack = newStack();
  const runtime = lambda.Runtime.NODEJS_LATEST;
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack, 'Function', { runtime }));
  expect(functionProperties(stack).Layers).toHaveLength(1);
});

test('attaches to a runtime of unknown family with a warning', () => {
  const stack = newStack();
  const runtime = new lambda.Runtime('llrt1.x', undefined, { supportsInlineCode: true });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack, 'Function', { runtime }));
  expect(functionProperties(stack).Layers).toHaveLength(1);
  expect(warningsOf(stack, 'unknown-runtime')).toHaveLength(1);
});

test('warns about a Node.js runtime older than those it is tested on', () => {
  const stack = newStack();
  const runtime = lambda.Runtime.NODEJS_18_X;
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack, 'Function', { runtime }));
  expect(warningsOf(stack, 'old-runtime')).toHaveLength(1);
});

test('sees the variables that a SingletonFunction has', () => {
  const stack = newStack();
  const fn = new lambda.SingletonFunction(stack, 'First', {
    uuid: 'one',
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
    environment: { KINESIS_TELEMETRY_STREAM: 'theirs' },
  });
  const error = errorOf(() => new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn));
  expect(error.code).toBe('KTE_VARIABLE_TAKEN');
});
