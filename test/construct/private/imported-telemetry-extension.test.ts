import { Duration, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { KinesisTelemetryExtension, PermissionMode, RecordFormat } from '../../../src';
import { errorOf, functionProperties, HERE, newFunction, newStack, templateOf, variablesOf } from '../fixture';

const attributes = {
  layerVersionArn: 'arn:aws:lambda:eu-west-1:111111111111:layer:telemetry:7',
  streamArn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine',
  managedPolicyArn: 'arn:aws:iam::111111111111:policy/writer',
};

describe('fromAttributes', () => {
  test('attaches layer, policy and stream by their ARNs', () => {
    const stack = newStack({ env: HERE });
    KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', attributes).addToFunction(newFunction(stack));
    expect(functionProperties(stack).Layers).toEqual([attributes.layerVersionArn]);
    expect(variablesOf(stack)).toEqual({ KINESIS_TELEMETRY_STREAM: 'mine' });
    templateOf(stack).hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.arrayWith([attributes.managedPolicyArn]),
    });
  });

  test('creates no resource of its own', () => {
    const stack = newStack({ env: HERE });
    KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', attributes);
    expect(templateOf(stack).toJSON().Resources).toBeUndefined();
  });

  test('gives an inline policy when there is no managed one', () => {
    const stack = newStack({ env: HERE });
    const { managedPolicyArn: _, ...rest } = attributes;
    const encryptionKeyArn = 'arn:aws:kms:eu-west-1:111111111111:key/0123';
    const telemetry = KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', { ...rest, encryptionKeyArn });
    telemetry.addToFunction(newFunction(stack));
    templateOf(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'kinesis:PutRecords', Resource: attributes.streamArn }),
          Match.objectLike({
            Action: 'kms:GenerateDataKey',
            Resource: encryptionKeyArn,
            Condition: { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': attributes.streamArn } },
          }),
        ],
      },
    });
  });

  test('fails when MANAGED_POLICY is asked for without an ARN', () => {
    const { managedPolicyArn: _, ...rest } = attributes;
    const permissions = PermissionMode.MANAGED_POLICY;
    const error = errorOf(() =>
      KinesisTelemetryExtension.fromAttributes(newStack(), 'Telemetry', { ...rest, permissions }),
    );
    expect(error.code).toBe('KTE_NO_MANAGED_POLICY');
  });

  test('attaches to a Node.js runtime that came after this release', () => {
    const stack = newStack({ env: HERE });
    const runtime = new lambda.Runtime('nodejs97.x', lambda.RuntimeFamily.NODEJS, { supportsInlineCode: true });
    const telemetry = KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', attributes);
    telemetry.addToFunction(newFunction(stack, 'Function', { runtime }));
    expect(functionProperties(stack).Layers).toHaveLength(1);
  });

  test('gives the options of the import, overridden by those of the call', () => {
    const stack = newStack({ env: HERE });
    const options = { recordFormat: RecordFormat.JSON, flushTimeout: Duration.seconds(1) };
    const telemetry = KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', { ...attributes, options });
    telemetry.addToFunction(newFunction(stack), { flushTimeout: Duration.seconds(2) });
    expect(variablesOf(stack)).toMatchObject({
      KINESIS_TELEMETRY_RECORD_FORMAT: 'json',
      KINESIS_TELEMETRY_FLUSH_TIMEOUT_MS: '2000',
    });
  });

  test('fails at the import when an option is out of range', () => {
    const options = { flushTimeout: Duration.hours(1) };
    const error = errorOf(() =>
      KinesisTelemetryExtension.fromAttributes(newStack(), 'Telemetry', { ...attributes, options }),
    );
    expect(error.code).toBe('KTE_OPTION');
    expect(error.message).toContain('at:      Stack/Telemetry');
  });

  test('fails for a function in another Region than the layer', () => {
    const stack = newStack({ env: { ...HERE, region: 'us-east-1' } });
    const telemetry = KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', attributes);
    expect(errorOf(() => telemetry.addToFunction(newFunction(stack))).code).toBe('KTE_LAYER_REGION');
  });

  test('grants on the imported stream', () => {
    const stack = newStack({ env: HERE });
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', attributes).grantWrite(role);
    templateOf(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Resource: attributes.streamArn })] },
    });
  });
});

describe('fromParameters', () => {
  const PARAMETERS = 'AWS::SSM::Parameter::Value<String>';

  function namesRead(stack: Stack): string[] {
    const parameters = Object.values(templateOf(stack).findParameters('*', { Type: PARAMETERS }));
    return parameters.map(({ Default }) => Default).filter((name) => !name.startsWith('/cdk-bootstrap/'));
  }

  test('reads the three parameters under /telemetry/kinesis at deployment', () => {
    const stack = newStack();
    KinesisTelemetryExtension.fromParameters(stack, 'Telemetry').addToFunction(newFunction(stack));
    expect(namesRead(stack).sort()).toEqual([
      '/telemetry/kinesis/extension/arn',
      '/telemetry/kinesis/runtime/policy/arn',
      '/telemetry/kinesis/stream/arn',
    ]);
  });

  test('reads them under the prefix it is given', () => {
    const stack = newStack();
    KinesisTelemetryExtension.fromParameters(stack, 'Telemetry', { parameterPrefix: '/team/telemetry' });
    templateOf(stack).hasParameter('*', { Type: PARAMETERS, Default: '/team/telemetry/extension/arn' });
  });

  test('attaches the layer and the policy', () => {
    const stack = newStack();
    KinesisTelemetryExtension.fromParameters(stack, 'Telemetry').addToFunction(newFunction(stack));
    expect(functionProperties(stack).Layers).toEqual([{ Ref: expect.stringContaining('extensionarn') }]);
    templateOf(stack).hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.arrayWith([{ Ref: Match.stringLikeRegexp('runtimepolicyarn') }]),
    });
  });

  test('addresses the stream by its ARN, whose account only the deployment knows', () => {
    const stack = newStack();
    KinesisTelemetryExtension.fromParameters(stack, 'Telemetry').addToFunction(newFunction(stack));
    expect(variablesOf(stack)).toEqual({ KINESIS_TELEMETRY_STREAM: { Ref: expect.stringContaining('streamarn') } });
  });

  test('does not read the ARN of the policy with PermissionMode.INLINE', () => {
    const stack = newStack();
    const permissions = PermissionMode.INLINE;
    KinesisTelemetryExtension.fromParameters(stack, 'Telemetry', { permissions }).addToFunction(newFunction(stack));
    expect(namesRead(stack)).not.toContain('/telemetry/kinesis/runtime/policy/arn');
    templateOf(stack).resourceCountIs('AWS::IAM::Policy', 1);
  });

  test('fails for a prefix that Systems Manager does not accept', () => {
    const error = errorOf(() =>
      KinesisTelemetryExtension.fromParameters(newStack(), 'Telemetry', { parameterPrefix: 'no-slash' }),
    );
    expect(error.code).toBe('KTE_PARAMETER_PREFIX');
  });
});
