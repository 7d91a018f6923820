import { RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { KinesisTelemetryExtension, PermissionMode } from '../../src';
import { errorOf, logicalId, newFunction, newStack, templateOf } from './fixture';

describe('defaults', () => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const template = templateOf(stack);

  test('creates a stream, a layer, a policy and three parameters, and nothing else', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map((r) => r.Type);
    expect(types.sort()).toEqual([
      'AWS::IAM::ManagedPolicy',
      'AWS::Kinesis::Stream',
      'AWS::Lambda::LayerVersion',
      'AWS::SSM::Parameter',
      'AWS::SSM::Parameter',
      'AWS::SSM::Parameter',
    ]);
  });

  test('keeps its logical ids from release to release', () => {
    expect(Object.keys(template.toJSON().Resources).sort()).toEqual([
      'TelemetryExtensionArnParameterA8370478',
      'TelemetryLayer93D1AD34',
      'TelemetryPolicyArnParameter00C0E717',
      'TelemetryStream5198B67A',
      'TelemetryStreamArnParameter2D51CE4D',
      'TelemetryWritePolicy4EC1F30F',
    ]);
  });

  test('makes an on-demand stream encrypted with the AWS managed key', () => {
    template.hasResource('AWS::Kinesis::Stream', {
      Properties: {
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
        StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
        ShardCount: Match.absent(),
        Name: Match.absent(),
      },
    });
  });

  test('keeps the stream when the stack is deleted', () => {
    template.hasResource('AWS::Kinesis::Stream', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('allows kinesis:PutRecords on the stream, and nothing else', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
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

  test('gives the policy no physical name', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: Match.absent() });
  });

  test('exposes stream, layer and policy', () => {
    expect(stack.resolve(telemetry.layerVersion.layerVersionArn)).toEqual({ Ref: logicalId(telemetry.layerVersion) });
    expect(stack.resolve(telemetry.managedPolicy?.managedPolicyArn)).toEqual({
      Ref: logicalId(telemetry.managedPolicy),
    });
    expect(stack.resolve(telemetry.stream.streamName)).toEqual({ Ref: logicalId(telemetry.stream) });
  });
});

describe('stream', () => {
  test('takes the stream it is given instead of making one', () => {
    const stack = newStack();
    const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine');
    new KinesisTelemetryExtension(stack, 'Telemetry', { stream });
    templateOf(stack).resourceCountIs('AWS::Kinesis::Stream', 0);
    templateOf(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: [Match.objectLike({ Resource: stream.streamArn })] },
    });
  });

  test('passes streamProps on and keeps the other defaults', () => {
    const stack = newStack();
    new KinesisTelemetryExtension(stack, 'Telemetry', {
      streamProps: { streamName: 'telemetry', removalPolicy: RemovalPolicy.DESTROY },
    });
    templateOf(stack).hasResource('AWS::Kinesis::Stream', {
      Properties: { Name: 'telemetry', StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      DeletionPolicy: 'Delete',
    });
  });

  test('makes a provisioned stream when streamProps have a shard count', () => {
    const stack = newStack();
    new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps: { shardCount: 2 } });
    templateOf(stack).hasResourceProperties('AWS::Kinesis::Stream', {
      ShardCount: 2,
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
    });
  });

  test('fails when both stream and streamProps are given', () => {
    const stack = newStack();
    const stream = new kinesis.Stream(stack, 'Mine');
    const error = errorOf(() => new KinesisTelemetryExtension(stack, 'Telemetry', { stream, streamProps: {} }));
    expect(error.code).toBe('KTE_STREAM');
  });
});

describe('customer key', () => {
  test('allows kms:GenerateDataKey for this stream alone when streamProps have a key', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps: { encryptionKey } });
    templateOf(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'kinesis:PutRecords' }),
          {
            Action: 'kms:GenerateDataKey',
            Effect: 'Allow',
            Resource: { 'Fn::GetAtt': [logicalId(encryptionKey), 'Arn'] },
            Condition: {
              StringEquals: {
                'kms:EncryptionContext:aws:kinesis:arn': { 'Fn::GetAtt': [logicalId(telemetry.stream), 'Arn'] },
              },
            },
          },
        ],
      },
    });
  });

  test('encrypts the stream with that key', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps: { encryptionKey } });
    templateOf(stack).hasResourceProperties('AWS::Kinesis::Stream', {
      StreamEncryption: { EncryptionType: 'KMS', KeyId: { 'Fn::GetAtt': [logicalId(encryptionKey), 'Arn'] } },
    });
  });

  test('allows kms:GenerateDataKey on the key of an imported stream', () => {
    const stack = newStack();
    const keyArn = 'arn:aws:kms:eu-west-1:111111111111:key/0123';
    const stream = kinesis.Stream.fromStreamAttributes(stack, 'Mine', {
      streamArn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine',
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', keyArn),
    });
    new KinesisTelemetryExtension(stack, 'Telemetry', { stream });
    templateOf(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:GenerateDataKey', Resource: keyArn })]),
      },
    });
  });
});

describe('permissions', () => {
  test('names the managed policy when asked to', () => {
    const stack = newStack();
    new KinesisTelemetryExtension(stack, 'Telemetry', { managedPolicyName: 'telemetry-writer' });
    templateOf(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'telemetry-writer' });
  });

  test.each([PermissionMode.INLINE, PermissionMode.NONE])('makes no managed policy with mode %s', (permissions) => {
    const stack = newStack();
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { permissions });
    expect(telemetry.managedPolicy).toBeUndefined();
    templateOf(stack).resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  test('fails when a name is given for a policy that is not made', () => {
    const props = { permissions: PermissionMode.INLINE, managedPolicyName: 'telemetry-writer' };
    const error = errorOf(() => new KinesisTelemetryExtension(newStack(), 'Telemetry', props));
    expect(error.code).toBe('KTE_NO_MANAGED_POLICY');
  });
});

describe('grants', () => {
  test('grantWrite gives kinesis:PutRecords and nothing else', () => {
    const stack = newStack();
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
    telemetry.grantWrite(role);
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

  test('grantWrite includes the customer key for this stream alone', () => {
    const stack = newStack();
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const encryptionKey = new kms.Key(stack, 'Key');
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps: { encryptionKey } });
    const statements = telemetry.grantWrite(role).principalStatements.map((statement) => statement.toStatementJson());
    expect(stack.resolve(statements)).toEqual([
      expect.objectContaining({ Action: 'kinesis:PutRecords' }),
      expect.objectContaining({
        Action: 'kms:GenerateDataKey',
        Condition: { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': expect.anything() } },
      }),
    ]);
  });

  test('grantRead lets a consumer read the stream', () => {
    const stack = newStack();
    const consumer = newFunction(stack);
    new KinesisTelemetryExtension(stack, 'Telemetry').grantRead(consumer);
    templateOf(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Action: Match.arrayWith(['kinesis:GetRecords', 'kinesis:GetShardIterator']) })],
      },
    });
  });
});
