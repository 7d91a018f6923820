import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension, PermissionMode } from '../../../src';
import { errorOf, HERE, logicalId, newFunction, newStack, templateOf, warningsOf } from '../fixture';

const roleArn = 'arn:aws:iam::111111111111:role/mine';

test('attaches the managed policy to an imported role', () => {
  const stack = newStack({ env: HERE });
  const role = iam.Role.fromRoleArn(stack, 'Role', roleArn);
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack, 'Function', { role }));
  templateOf(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', { Roles: ['mine'] });
  expect(warningsOf(stack, 'role-ignores-policies')).toEqual([]);
});

test('warns that an immutable imported role takes no policy', () => {
  const stack = newStack({ env: HERE });
  const role = iam.Role.fromRoleArn(stack, 'Role', roleArn, { mutable: false });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack, 'Function', { role }));
  expect(warningsOf(stack, 'role-ignores-policies')).toEqual([expect.stringContaining('telemetry.managedPolicy')]);
});

test('warns that a role without policy updates takes no policy', () => {
  const stack = newStack();
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const fn = newFunction(stack, 'Function', { role: role.withoutPolicyUpdates() });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn);
  expect(warningsOf(stack, 'role-ignores-policies')).toHaveLength(1);
});

test('names the ARN of an imported policy in that warning', () => {
  const stack = newStack({ env: HERE });
  const role = iam.Role.fromRoleArn(stack, 'Role', roleArn, { mutable: false });
  const managedPolicyArn = 'arn:aws:iam::111111111111:policy/writer';
  KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', {
    layerVersionArn: 'arn:aws:lambda:eu-west-1:111111111111:layer:telemetry:1',
    streamArn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine',
    managedPolicyArn,
  }).addToFunction(newFunction(stack, 'Function', { role }));
  expect(warningsOf(stack, 'role-ignores-policies')).toEqual([expect.stringContaining(managedPolicyArn)]);
});

test('warns that another account has to allow the writing', () => {
  const stack = newStack({ env: { account: '222222222222', region: HERE.region } });
  const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine');
  new KinesisTelemetryExtension(stack, 'Telemetry', { stream }).addToFunction(newFunction(stack));
  expect(warningsOf(stack, 'cross-account-stream')).toHaveLength(1);
});

test('gives the right as an inline policy with PermissionMode.INLINE', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { permissions: PermissionMode.INLINE });
  telemetry.addToFunction(newFunction(stack));
  templateOf(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Action: 'kinesis:PutRecords',
          Effect: 'Allow',
          Resource: { 'Fn::GetAtt': [logicalId(telemetry.stream), 'Arn'] },
        },
      ],
    },
  });
});

test('gives no right with PermissionMode.NONE', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { permissions: PermissionMode.NONE });
  telemetry.addToFunction(newFunction(stack));
  templateOf(stack).resourceCountIs('AWS::IAM::Policy', 0);
  templateOf(stack).resourceCountIs('AWS::IAM::ManagedPolicy', 0);
});

test('gives an inline policy where the managed policy is in another account', () => {
  const stack = newStack({ env: HERE });
  const telemetry = KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', {
    layerVersionArn: 'arn:aws:lambda:eu-west-1:222222222222:layer:telemetry:1',
    streamArn: 'arn:aws:kinesis:eu-west-1:222222222222:stream/theirs',
    managedPolicyArn: 'arn:aws:iam::222222222222:policy/writer',
  });
  telemetry.addToFunction(newFunction(stack));
  templateOf(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: [Match.objectLike({ Resource: telemetry.stream.streamArn })] },
  });
});

test('gives an inline policy where both role and managed policy are imported', () => {
  const stack = newStack({ env: HERE });
  const role = iam.Role.fromRoleArn(stack, 'Role', roleArn);
  const telemetry = KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', {
    layerVersionArn: 'arn:aws:lambda:eu-west-1:111111111111:layer:telemetry:1',
    streamArn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine',
    managedPolicyArn: 'arn:aws:iam::111111111111:policy/writer',
  });
  telemetry.addToFunction(newFunction(stack, 'Function', { role }));
  templateOf(stack).hasResourceProperties('AWS::IAM::Policy', { Roles: ['mine'] });
});

test('fails when the function has no role, and names the policy it needs', () => {
  const stack = newStack();
  const fn = newFunction(stack);
  Object.defineProperty(fn, 'role', { value: undefined });
  const error = errorOf(() => new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn));
  expect(error.code).toBe('KTE_NO_ROLE');
  expect(error.message).toContain('the managed policy telemetry.managedPolicy');
});
