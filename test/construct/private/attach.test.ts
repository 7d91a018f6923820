import { App, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';
import { ExtensionLogLevel, KinesisTelemetryExtension, RecordFormat } from '../../../src';
import {
  errorOf,
  functionProperties,
  HERE,
  logicalId,
  newFunction,
  newStack,
  templateOf,
  variablesOf,
  warningsOf,
} from '../fixture';

test('adds the layer', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToFunction(newFunction(stack));
  expect(functionProperties(stack).Layers).toEqual([{ Ref: logicalId(telemetry.layerVersion) }]);
});

test('attaches the managed policy to the role', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToFunction(newFunction(stack));
  const [role] = Object.values(templateOf(stack).findResources('AWS::IAM::Role'));
  expect(role?.Properties.ManagedPolicyArns).toContainEqual({ Ref: logicalId(telemetry.managedPolicy) });
});

test('writes the name of the stream and no other variable', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToFunction(newFunction(stack));
  expect(functionProperties(stack).Environment.Variables).toEqual({
    KINESIS_TELEMETRY_STREAM: { Ref: logicalId(telemetry.stream) },
  });
});

test('keeps the layers and variables that the function has', () => {
  const stack = newStack();
  const layer = lambda.LayerVersion.fromLayerVersionArn(stack, 'Other', 'arn:aws:lambda:eu-west-1:1:layer:other:1');
  const fn = newFunction(stack, 'Function', { layers: [layer], environment: { MINE: 'stays' } });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn);
  expect(functionProperties(stack).Layers).toContain(layer.layerVersionArn);
  expect(functionProperties(stack).Environment.Variables).toMatchObject({ MINE: 'stays' });
});

test('does nothing the second time', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const fn = newFunction(stack);
  telemetry.addToFunction(fn, { logLevel: ExtensionLogLevel.DEBUG });
  telemetry.addToFunction(fn, { logLevel: ExtensionLogLevel.DEBUG });
  telemetry.addToFunction(fn);
  expect(functionProperties(stack).Layers).toHaveLength(1);
});

test('does not repeat the layer of a function that has it from elsewhere', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToFunction(newFunction(stack, 'Function', { layers: [telemetry.layerVersion] }));
  expect(functionProperties(stack).Layers).toHaveLength(1);
});

test('gives the options of the extension, overridden by those of the call', () => {
  const stack = newStack();
  const options = { recordFormat: RecordFormat.JSON, tags: { team: 'shop', stage: 'prod' } };
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { options });
  telemetry.addToFunction(newFunction(stack), { tags: { stage: 'test' }, logLevel: ExtensionLogLevel.OFF });
  expect(variablesOf(stack)).toMatchObject({
    KINESIS_TELEMETRY_RECORD_FORMAT: 'json',
    KINESIS_TELEMETRY_TAGS: '{"team":"shop","stage":"test"}',
    KINESIS_TELEMETRY_LOG_LEVEL: 'off',
  });
});

test('attaches to several functions at once', () => {
  const stack = newStack();
  const fns = [newFunction(stack, 'One'), newFunction(stack, 'Two')];
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunctions(fns);
  for (const id of ['One', 'Two']) expect(functionProperties(stack, id).Layers).toHaveLength(1);
});

test.each([true, false])(
  'changes the version made from currentVersion before, with recognizeLayerVersion %s',
  (flag) => {
    const versionId = (attach: boolean) => {
      const app = new App({ context: { '@aws-cdk/aws-lambda:recognizeLayerVersion': flag } });
      const stack = newStack({}, app);
      const fn = newFunction(stack);
      fn.currentVersion;
      if (attach) new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn);
      return Object.keys(templateOf(stack).findResources('AWS::Lambda::Version'));
    };
    expect(versionId(true)).not.toEqual(versionId(false));
  },
);

test('attaches to a function in a nested stack without a warning', () => {
  const stack = newStack();
  const nested = new NestedStack(stack, 'Nested');
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(nested));
  expect(functionProperties(nested).Layers).toEqual([{ Ref: expect.stringContaining('TelemetryLayer') }]);
  expect(warningsOf(stack, 'cross-stack-layer')).toEqual([]);
});

test('attaches to a function in another stack and warns of the lock on the layer', () => {
  const app = new App();
  const owner = newStack({ env: HERE }, app);
  const user = new Stack(app, 'User', { env: HERE });
  const telemetry = new KinesisTelemetryExtension(owner, 'Telemetry');
  telemetry.addToFunctions([newFunction(user, 'Function'), newFunction(user, 'Other')]);
  expect(functionProperties(user).Layers).toHaveLength(1);
  expect(warningsOf(owner, 'cross-stack-layer')).toHaveLength(1);
});

test('warns nobody about stacks when the layer is imported', () => {
  const app = new App();
  const telemetry = KinesisTelemetryExtension.fromParameters(new Stack(app, 'Importing'), 'Telemetry');
  const user = new Stack(app, 'User');
  telemetry.addToFunction(newFunction(user));
  expect(warningsOf(telemetry, 'cross-stack-layer')).toEqual([]);
});

test('fails when one of its variables has another value already', () => {
  const stack = newStack();
  const fn = newFunction(stack, 'Function', { environment: { KINESIS_TELEMETRY_STREAM: 'theirs' } });
  const error = errorOf(() => new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn));
  expect(error.code).toBe('KTE_VARIABLE_TAKEN');
  expect(error.message).toContain('Stack/Function');
  expect(error.message).toContain('"theirs"');
});

test('accepts a variable that has the right value already', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const environment = { KINESIS_TELEMETRY_STREAM: telemetry.stream.streamName };
  telemetry.addToFunction(newFunction(stack, 'Function', { environment }));
  expect(functionProperties(stack).Layers).toHaveLength(1);
});

test('fails when it is attached again with other overrides', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const fn = newFunction(stack);
  telemetry.addToFunction(fn);
  const error = errorOf(() => telemetry.addToFunction(fn, { logLevel: ExtensionLogLevel.DEBUG }));
  expect(error.code).toBe('KTE_ALREADY_ATTACHED');
  expect(error.message).toContain('KINESIS_TELEMETRY_LOG_LEVEL');
});

test('fails when another extension is attached', () => {
  const stack = newStack();
  const fn = newFunction(stack);
  new KinesisTelemetryExtension(stack, 'First').addToFunction(fn);
  const second = new KinesisTelemetryExtension(stack, 'Second', { parameters: false });
  expect(errorOf(() => second.addToFunction(fn)).code).toBe('KTE_ALREADY_ATTACHED');
});

test('fails at the function when an override is out of range', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const fn = newFunction(stack);
  const error = errorOf(() => telemetry.addToFunction(fn, { flushTimeout: Duration.minutes(5) }));
  expect(error.message).toContain('at:      Stack/Function');
});
