import { Annotations, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { KinesisTelemetryAspect, KinesisTelemetryExtension, PermissionMode, SelfMetrics } from '../../../src';
import { errorOf, HERE, newFunction, newStack, templateOf, variablesOf, warningsOf } from '../fixture';

const denyCloudWatchLogs = true;
const DENIAL = {
  Effect: 'Deny',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};

function lambdaRole(stack: Stack) {
  return new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
}

function policies(stack: Stack) {
  return Object.values(templateOf(stack).findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties);
}

test('denies nothing unless asked to', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack));
  expect(JSON.stringify(templateOf(stack).toJSON())).not.toContain('logs:');
  expect(warningsOf(stack, 'cloudwatch-logs-denied')).toEqual([]);
});

test('denies the function whose option is set, and no other', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToFunction(newFunction(stack, 'Quiet'), { denyCloudWatchLogs });
  telemetry.addToFunction(newFunction(stack, 'Loud'));
  expect(policies(stack)).toEqual([
    expect.objectContaining({
      PolicyDocument: expect.objectContaining({ Statement: [DENIAL] }),
      Roles: [{ Ref: expect.stringContaining('Quiet') }],
    }),
  ]);
});

test('writes no variable for it', () => {
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack), { denyCloudWatchLogs });
  expect(Object.keys(variablesOf(stack))).toEqual(['KINESIS_TELEMETRY_STREAM']);
});

test('denies all functions of an extension that has the option, and of its Aspect', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { options: { denyCloudWatchLogs } });
  telemetry.addToFunction(newFunction(stack, 'One'), { denyCloudWatchLogs: false });
  newFunction(stack, 'Two');
  KinesisTelemetryAspect.addTo(stack, telemetry);
  expect(policies(stack).map(({ Roles }) => Roles)).toEqual([[{ Ref: expect.stringContaining('Two') }]]);
});

test('denies with PermissionMode.NONE too, where rights come from elsewhere', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { permissions: PermissionMode.NONE });
  telemetry.addToFunction(newFunction(stack), { denyCloudWatchLogs });
  templateOf(stack).hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [DENIAL] } });
});

test('says what is given up, in a warning that can be acknowledged', () => {
  const warnings = (acknowledged: boolean) => {
    const stack = newStack();
    const fn = newFunction(stack);
    const id = 'cdk-kinesis-telemetry-extension:cloudwatch-logs-denied';
    if (acknowledged) Annotations.of(stack).acknowledgeWarning(id, 'the stream is archived');
    new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn, { denyCloudWatchLogs });
    return warningsOf(stack, 'cloudwatch-logs-denied');
  };
  expect(warnings(false)).toEqual([expect.stringContaining('metric filters')]);
  expect(warnings(true)).toEqual([]);
});

test('names the functions that share the role and are hit without having been asked', () => {
  const stack = newStack();
  const role = lambdaRole(stack);
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  telemetry.addToFunction(newFunction(stack, 'Quiet', { role }), { denyCloudWatchLogs });
  newFunction(stack, 'Later', { role });
  telemetry.addToFunction(newFunction(stack, 'Attached', { role }));
  newFunction(stack, 'Elsewhere');
  const [warning, ...more] = warningsOf(stack, 'cloudwatch-logs-denied-to-others');
  expect(more).toEqual([]);
  expect(warning).toContain('Stack/Later, Stack/Attached');
  expect(warning).not.toContain('Elsewhere');
});

test('is silent about a role shared by functions that are all denied', () => {
  const stack = newStack();
  const role = lambdaRole(stack);
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { options: { denyCloudWatchLogs } });
  telemetry.addToFunctions([newFunction(stack, 'One', { role }), newFunction(stack, 'Two', { role })]);
  expect(warningsOf(stack, 'cloudwatch-logs-denied-to-others')).toEqual([]);
});

test('warns that others may have an imported role', () => {
  const stack = newStack({ env: HERE });
  const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111111111111:role/mine');
  const fn = newFunction(stack, 'Function', { role });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn, { denyCloudWatchLogs });
  expect(warningsOf(stack, 'cloudwatch-logs-denied-to-others')).toEqual([expect.stringContaining('imported')]);
});

test('warns that logs go on when the role takes no policies', () => {
  const stack = newStack();
  const fn = newFunction(stack, 'Function', { role: lambdaRole(stack).withoutPolicyUpdates() });
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { permissions: PermissionMode.NONE });
  telemetry.addToFunction(fn, { denyCloudWatchLogs });
  expect(warningsOf(stack, 'role-ignores-policies')).toEqual([expect.stringContaining('logs go on to CloudWatch')]);
  expect(warningsOf(stack, 'cloudwatch-logs-denied')).toEqual([]);
});

test('fails when a second call asks for another way', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const fn = newFunction(stack);
  telemetry.addToFunction(fn);
  const error = errorOf(() => telemetry.addToFunction(fn, { denyCloudWatchLogs }));
  expect(error).toMatchObject({ code: 'KTE_ALREADY_ATTACHED', message: expect.stringContaining('denyCloudWatchLogs') });
});

test('warns of metrics that the denied log would have carried, on that function alone', () => {
  const stack = newStack();
  const options = { selfMetrics: SelfMetrics.EMF };
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { options });
  telemetry.addToFunction(newFunction(stack, 'Quiet'), { denyCloudWatchLogs });
  telemetry.addToFunction(newFunction(stack, 'Loud'));
  telemetry.addToFunction(newFunction(stack, 'Plain'), { denyCloudWatchLogs, selfMetrics: SelfMetrics.NONE });
  expect(warningsOf(stack, 'self-metrics-denied')).toEqual([
    expect.stringMatching(/reaches CloudWatch through the log .* take one of the two out/),
  ]);
  expect(variablesOf(stack, 'Quiet')).toMatchObject({ KINESIS_TELEMETRY_SELF_METRICS: 'emf' });
});
