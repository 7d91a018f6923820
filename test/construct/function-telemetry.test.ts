import { Mixins, type Stack, Tags } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { expect, test } from 'vitest';
import { ExtensionLogLevel, FunctionTelemetry, KinesisTelemetryExtension } from '../../src';
import { errorOf, functionProperties, newFunction, newStack, variablesOf } from './fixture';

function python(stack: Stack) {
  return newFunction(stack, 'Python', { runtime: lambda.Runtime.PYTHON_3_13, code: lambda.Code.fromInline('pass') });
}

test('attaches to one function', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  newFunction(stack).with(new FunctionTelemetry(telemetry));
  expect(functionProperties(stack).Layers).toHaveLength(1);
});

test('attaches to all functions below a scope and passes over everything else', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  newFunction(stack);
  python(stack);
  const { report } = Mixins.of(stack).apply(new FunctionTelemetry(telemetry));
  expect(report.map(({ construct }) => construct.node.path)).toEqual(['Stack/Function']);
  expect(functionProperties(stack, 'Python').Layers).toBeUndefined();
});

test('gives the overrides', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  newFunction(stack).with(new FunctionTelemetry(telemetry, { logLevel: ExtensionLogLevel.OFF }));
  expect(variablesOf(stack)).toMatchObject({ KINESIS_TELEMETRY_LOG_LEVEL: 'off' });
});

test('passes over a function that is tagged to be left out', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const fn = newFunction(stack);
  Tags.of(fn).add('kinesis-telemetry', 'off');
  fn.with(new FunctionTelemetry(telemetry));
  expect(functionProperties(stack).Layers).toBeUndefined();
});

test("passes over CDK's own functions", () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  new AwsCustomResource(stack, 'Custom', {
    onCreate: { service: 'sts', action: 'getCallerIdentity', physicalResourceId: PhysicalResourceId.of('id') },
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
  });
  expect(Mixins.of(stack).apply(new FunctionTelemetry(telemetry)).report).toEqual([]);
});

test('lets requireAny fail when no function is left', () => {
  const stack = newStack();
  const mixin = new FunctionTelemetry(new KinesisTelemetryExtension(stack, 'Telemetry'));
  expect(() => Mixins.of(stack).requireAny().apply(mixin)).toThrow();
});

test('fails like addToFunction on a function it supports', () => {
  const stack = newStack();
  const mixin = new FunctionTelemetry(new KinesisTelemetryExtension(stack, 'Telemetry'));
  const fn = newFunction(stack, 'Function', { environment: { KINESIS_TELEMETRY_STREAM: 'theirs' } });
  expect(errorOf(() => fn.with(mixin)).code).toBe('KTE_VARIABLE_TAKEN');
});
