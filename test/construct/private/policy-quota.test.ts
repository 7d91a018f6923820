import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension } from '../../../src';
import { HERE, newFunction, newStack, warningsOf } from '../fixture';

function addPolicies(stack: Stack, role: iam.IRole | undefined, count: number) {
  for (let i = 0; i < count; i++) {
    const arn = `arn:aws:iam::111111111111:policy/p${i}`;
    role?.addManagedPolicy(iam.ManagedPolicy.fromManagedPolicyArn(stack, `Policy${i}`, arn));
  }
}

test.each([
  [7, 0], // with the basic execution role and ours: 9
  [8, 1],
  [9, 1],
])('of %i other managed policies that come later makes %i warnings', (others, warnings) => {
  const stack = newStack({ env: HERE });
  const fn = newFunction(stack);
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn);
  addPolicies(stack, fn.role, others);
  expect(warningsOf(stack, 'policy-quota')).toHaveLength(warnings);
});

test('names the number of policies and the way out', () => {
  const stack = newStack({ env: HERE });
  const fn = newFunction(stack);
  addPolicies(stack, fn.role, 9);
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn);
  const [warning] = warningsOf(stack, 'policy-quota');
  expect(warning).toContain('has 11 managed policies');
  expect(warning).toContain('PermissionMode.INLINE');
});
