import { CfnParameter } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension, PermissionMode } from '../../../src';
import { errorOf, logicalId, newStack, templateOf } from '../fixture';

function parameters(stack = newStack()): Record<string, unknown> {
  const found = Object.values(templateOf(stack).findResources('AWS::SSM::Parameter'));
  return Object.fromEntries(found.map(({ Properties }) => [Properties.Name, Properties.Value]));
}

test('publishes the ARNs of layer, policy and stream under /telemetry/kinesis', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  expect(parameters(stack)).toEqual({
    '/telemetry/kinesis/extension/arn': { Ref: logicalId(telemetry.layerVersion) },
    '/telemetry/kinesis/runtime/policy/arn': { Ref: logicalId(telemetry.managedPolicy) },
    '/telemetry/kinesis/stream/arn': { 'Fn::GetAtt': [logicalId(telemetry.stream), 'Arn'] },
  });
});

test('publishes them under the prefix it is given', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry', { parameterPrefix: '/team/telemetry' });
  expect(Object.keys(parameters(stack)).sort()).toEqual([
    '/team/telemetry/extension/arn',
    '/team/telemetry/runtime/policy/arn',
    '/team/telemetry/stream/arn',
  ]);
});

test('makes them of type String', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry');
  templateOf(stack).allResourcesProperties('AWS::SSM::Parameter', { Type: 'String' });
});

test('takes a token as prefix', () => {
  const stack = newStack();
  const parameterPrefix = new CfnParameter(stack, 'Prefix').valueAsString;
  new KinesisTelemetryExtension(stack, 'Telemetry', { parameterPrefix });
  templateOf(stack).hasResourceProperties('AWS::SSM::Parameter', {
    Name: { 'Fn::Join': ['', [{ Ref: 'Prefix' }, '/stream/arn']] },
  });
});

test('publishes no policy where there is none', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry', { permissions: PermissionMode.INLINE });
  expect(Object.keys(parameters(stack))).not.toContain('/telemetry/kinesis/runtime/policy/arn');
});

test('publishes nothing when parameters are off', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry', { parameters: false });
  templateOf(stack).resourceCountIs('AWS::SSM::Parameter', 0);
});

test.each([
  'telemetry/kinesis',
  '/telemetry/kinesis/',
  '/',
  '',
  '/tele metry',
  '/aws/telemetry',
  '/ssmtelemetry',
  '/a'.repeat(13),
  `/${'a'.repeat(900)}`,
])('fails for the prefix "%s"', (parameterPrefix) => {
  const error = errorOf(() => new KinesisTelemetryExtension(newStack(), 'Telemetry', { parameterPrefix }));
  expect(error.code).toBe('KTE_PARAMETER_PREFIX');
});

test('fails when two extensions of a stack have the same prefix', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'First');
  const error = errorOf(() => new KinesisTelemetryExtension(stack, 'Second'));
  expect(error.code).toBe('KTE_PARAMETER_PREFIX');
  expect(error.message).toContain('published by Stack/First');
});

test('allows two extensions of a stack with prefixes of their own', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'First');
  new KinesisTelemetryExtension(stack, 'Second', { parameterPrefix: '/telemetry/second' });
  expect(Object.keys(parameters(stack))).toHaveLength(6);
});
