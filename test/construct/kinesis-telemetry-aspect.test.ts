import { App, Aspects, type Stack, Tags } from 'aws-cdk-lib';
import { Annotations } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId, Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { ExtensionLogLevel, KinesisTelemetryAspect, KinesisTelemetryExtension } from '../../src';
import { functionProperties, newFunction, newStack, templateOf, variablesOf, warningsOf } from './fixture';

function withAspect(stack = newStack(), props = {}): { stack: Stack; telemetry: KinesisTelemetryExtension } {
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  KinesisTelemetryAspect.addTo(stack, telemetry, props);
  return { stack, telemetry };
}

function python(scope: Construct) {
  const runtime = lambda.Runtime.PYTHON_3_13;
  return newFunction(scope, 'Python', { runtime, code: lambda.Code.fromInline('pass') });
}

function customResource(scope: Construct) {
  return new AwsCustomResource(scope, 'Custom', {
    onCreate: { service: 'sts', action: 'getCallerIdentity', physicalResourceId: PhysicalResourceId.of('id') },
    policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
  });
}

test('attaches to functions that are added after it', () => {
  const { stack } = withAspect();
  newFunction(stack, 'Function');
  newFunction(new Construct(stack, 'Deeper'), 'Function');
  for (const id of ['Function', 'DeeperFunction']) expect(functionProperties(stack, id).Layers).toHaveLength(1);
});

test('gives layer, variables and policy', () => {
  const { stack } = withAspect(newStack(), { overrides: { logLevel: ExtensionLogLevel.OFF } });
  newFunction(stack);
  expect(variablesOf(stack)).toEqual({
    KINESIS_TELEMETRY_STREAM: expect.anything(),
    KINESIS_TELEMETRY_LOG_LEVEL: 'off',
  });
  const [role] = Object.values(templateOf(stack).findResources('AWS::IAM::Role'));
  expect(role?.Properties.ManagedPolicyArns).toHaveLength(2);
});

test('works for a whole app when it is added to the app', () => {
  const app = new App();
  const stack = newStack({}, app);
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  Aspects.of(app).add(new KinesisTelemetryAspect(telemetry));
  newFunction(stack);
  expect(functionProperties(stack).Layers).toHaveLength(1);
});

test('changes the version that was made from currentVersion', () => {
  const versionId = (aspect: boolean) => {
    const stack = newStack();
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
    newFunction(stack).currentVersion;
    if (aspect) KinesisTelemetryAspect.addTo(stack, telemetry);
    return Object.keys(templateOf(stack).findResources('AWS::Lambda::Version'));
  };
  expect(versionId(true)).not.toEqual(versionId(false));
});

test('leaves a function alone to which the extension is attached with options of its own', () => {
  const { stack, telemetry } = withAspect();
  telemetry.addToFunction(newFunction(stack), { logLevel: ExtensionLogLevel.DEBUG });
  expect(variablesOf(stack)).toMatchObject({ KINESIS_TELEMETRY_LOG_LEVEL: 'debug' });
  expect(functionProperties(stack).Layers).toHaveLength(1);
  expect(warningsOf(stack, 'aspect-matched-nothing')).toEqual([]);
});

test('attaches once to the function behind a SingletonFunction', () => {
  const { stack } = withAspect();
  new lambda.SingletonFunction(stack, 'First', {
    uuid: 'one',
    lambdaPurpose: 'Function',
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
  });
  expect(functionProperties(stack, 'Functionone').Layers).toHaveLength(1);
});

test("passes over the handlers of CDK's custom resources", () => {
  const { stack } = withAspect();
  newFunction(stack);
  customResource(stack);
  expect(functionProperties(stack, 'AWS679f').Layers).toBeUndefined();
  expect(warningsOf(stack, 'aspect-skipped')).toEqual([]);
});

test('passes over the framework functions of a Provider, and attaches to its handler', () => {
  const { stack } = withAspect();
  new Provider(stack, 'Provider', { onEventHandler: newFunction(stack, 'Handler') });
  expect(functionProperties(stack, 'Provider').Layers).toBeUndefined();
  expect(functionProperties(stack, 'Handler').Layers).toHaveLength(1);
});

test("attaches to CDK's own functions when asked to", () => {
  const { stack } = withAspect(newStack(), { includeProviders: true });
  customResource(stack);
  expect(functionProperties(stack, 'AWS679f').Layers).toHaveLength(1);
});

test('passes over a function that is tagged to be left out', () => {
  const { stack } = withAspect();
  newFunction(stack, 'In');
  Tags.of(newFunction(stack, 'Out')).add('kinesis-telemetry', 'off');
  expect(functionProperties(stack, 'In').Layers).toHaveLength(1);
  expect(functionProperties(stack, 'Out').Layers).toBeUndefined();
});

test('lets the nearest tag decide', () => {
  const { stack } = withAspect();
  Tags.of(stack).add('kinesis-telemetry', 'off');
  Tags.of(newFunction(stack, 'In')).add('kinesis-telemetry', 'on');
  newFunction(stack, 'Out');
  expect(functionProperties(stack, 'In').Layers).toHaveLength(1);
  expect(functionProperties(stack, 'Out').Layers).toBeUndefined();
});

test('lists in one warning what cannot take the extension, and why', () => {
  const { stack } = withAspect();
  newFunction(stack);
  python(stack);
  newFunction(stack, 'Taken', { environment: { KINESIS_TELEMETRY_STREAM: 'theirs' } });
  const [warning, ...more] = warningsOf(stack, 'aspect-skipped');
  expect(more).toEqual([]);
  expect(warning).toContain('Stack/Python: ');
  expect(warning).toContain('runtime python3.13; KTE_RUNTIME');
  expect(warning).toContain('Stack/Taken: ');
  expect(warning).toContain('KTE_VARIABLE_TAKEN');
});

test('lists a SingletonFunction once', () => {
  const { stack } = withAspect();
  new lambda.SingletonFunction(stack, 'First', {
    uuid: 'one',
    runtime: lambda.Runtime.PYTHON_3_13,
    handler: 'index.handler',
    code: lambda.Code.fromInline('pass'),
  });
  const [warning] = warningsOf(stack, 'aspect-skipped');
  expect(warning?.match(/KTE_RUNTIME/g)).toHaveLength(1);
});

test('warns when nothing matched', () => {
  const { stack } = withAspect();
  expect(warningsOf(stack, 'aspect-matched-nothing')).toHaveLength(1);
});

test('warns when nothing matched in an app', () => {
  const app = new App();
  const stack = newStack({}, app);
  KinesisTelemetryAspect.addTo(app, new KinesisTelemetryExtension(stack, 'Telemetry'));
  expect(warningsOf(stack, 'aspect-matched-nothing')).toEqual([expect.stringContaining('below the app')]);
});

test('is silent when something matched and nothing was skipped', () => {
  const { stack } = withAspect();
  newFunction(stack);
  Annotations.fromStack(stack).hasNoWarning('*', '*');
});

test('shows no warning that has been acknowledged', async () => {
  const { Annotations: Annotate } = await import('aws-cdk-lib');
  const { stack } = withAspect();
  Annotate.of(stack).acknowledgeWarning('cdk-kinesis-telemetry-extension:aspect-skipped', 'known');
  newFunction(stack);
  python(stack);
  expect(warningsOf(stack, 'aspect-skipped')).toEqual([]);
});
