import { Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';
import { ExtensionLogLevel, FunctionTelemetry, KinesisTelemetryAspect, KinesisTelemetryExtension } from '../../../src';
import {
  errorOf,
  functionProperties,
  HERE,
  logicalId,
  newFunction,
  newImageFunction,
  newStack,
  templateOf,
  variablesOf,
  warningsOf,
} from '../fixture';

test('gets variables and policy, and no layer', () => {
  const stack = newStack({ env: HERE });
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToImageFunction(newImageFunction(stack), { logLevel: ExtensionLogLevel.OFF });
  expect(functionProperties(stack).Layers).toBeUndefined();
  expect(variablesOf(stack)).toEqual({
    KINESIS_TELEMETRY_STREAM: { Ref: logicalId(telemetry.stream) },
    KINESIS_TELEMETRY_LOG_LEVEL: 'off',
  });
  templateOf(stack).hasResourceProperties('AWS::IAM::Role', {
    ManagedPolicyArns: Match.arrayWith([{ Ref: logicalId(telemetry.managedPolicy) }]),
  });
});

test('gets them from an imported extension too', () => {
  const stack = newStack({ env: HERE });
  KinesisTelemetryExtension.fromParameters(stack, 'Telemetry').addToImageFunction(newImageFunction(stack));
  expect(Object.keys(variablesOf(stack))).toEqual(['KINESIS_TELEMETRY_STREAM']);
});

test('draws no warning about its runtime or about another stack', () => {
  const stack = newStack({ env: HERE });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToImageFunction(newImageFunction(stack));
  expect(warningsOf(stack, 'unknown-runtime')).toEqual([]);
  expect(warningsOf(stack, 'cross-stack-layer')).toEqual([]);
});

test('takes a repeated call, and refuses one with other settings', () => {
  const stack = newStack({ env: HERE });
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const fn = newImageFunction(stack);
  telemetry.addToImageFunction(fn);
  telemetry.addToImageFunction(fn);
  const error = errorOf(() => telemetry.addToImageFunction(fn, { logLevel: ExtensionLogLevel.DEBUG }));
  expect(error.code).toBe('KTE_ALREADY_ATTACHED');
});

test('counts as attached for an Aspect, which does not report it', () => {
  const stack = newStack({ env: HERE });
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToImageFunction(newImageFunction(stack));
  KinesisTelemetryAspect.addTo(stack, telemetry);
  expect(warningsOf(stack, 'aspect-skipped')).toEqual([]);
  expect(warningsOf(stack, 'aspect-matched-nothing')).toEqual([]);
});

test('is listed by an Aspect, and passed over by the mixin, when its image is not known to carry the extension', () => {
  const stack = newStack({ env: HERE });
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  expect(new FunctionTelemetry(telemetry).supports(newImageFunction(stack))).toBe(false);
  KinesisTelemetryAspect.addTo(stack, telemetry);
  expect(warningsOf(stack, 'aspect-skipped')).toEqual([expect.stringContaining('KTE_IMAGE_FUNCTION')]);
});

test('fails for a variable that somebody else has set', () => {
  const stack = newStack({ env: HERE });
  const fn = newImageFunction(stack, 'Function', { environment: { KINESIS_TELEMETRY_STREAM: 'theirs' } });
  const error = errorOf(() => new KinesisTelemetryExtension(stack, 'Telemetry').addToImageFunction(fn));
  expect(error.code).toBe('KTE_VARIABLE_TAKEN');
});

test('fails for a function with a .zip package and points at addToFunction', () => {
  const stack = newStack({ env: HERE });
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const error = errorOf(() => telemetry.addToImageFunction(newFunction(stack)));
  expect(error).toMatchObject({ code: 'KTE_NOT_AN_IMAGE', message: expect.stringContaining('call addToFunction') });
});

test('fails for an imported function and for an alias as addToFunction does', () => {
  const stack = newStack({ env: HERE });
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const imported = lambda.Function.fromFunctionName(stack, 'Imported', 'theirs');
  const alias = newImageFunction(stack).addAlias('live');
  expect(errorOf(() => telemetry.addToImageFunction(imported)).code).toBe('KTE_IMPORTED_FUNCTION');
  expect(errorOf(() => telemetry.addToImageFunction(alias)).code).toBe('KTE_VERSION_OR_ALIAS');
});
