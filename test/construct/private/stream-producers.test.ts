import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { KinesisTelemetryExtension, type KinesisTelemetryExtensionProps } from '../../../src';
import { errorOf, HERE, logicalId, newStack, templateOf, warningsOf } from '../fixture';

const OTHER = '222222222222';
const THIRD = '333333333333';
const ORGANIZATION = 'o-a1b2c3d4e5';
const root = (account: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${account}:root`]] });

function withKey(props: KinesisTelemetryExtensionProps, stack = newStack({ env: HERE })) {
  const encryptionKey = new kms.Key(stack, 'Key');
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps: { encryptionKey }, ...props });
  return { telemetry, template: templateOf(stack) };
}

describe('the resource policy of the stream', () => {
  test('lets other accounts put records, and nothing else', () => {
    const { telemetry, template } = withKey({ producerAccounts: [OTHER, THIRD] });
    const streamArn = { 'Fn::GetAtt': [logicalId(telemetry.stream), 'Arn'] };
    template.hasResourceProperties('AWS::Kinesis::ResourcePolicy', {
      ResourceArn: streamArn,
      ResourcePolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'TelemetryFromAccounts',
            Effect: 'Allow',
            Action: 'kinesis:PutRecords',
            Resource: streamArn,
            Principal: { AWS: [root(OTHER), root(THIRD)] },
          },
        ],
      },
    });
  });

  test('lets an organization put records by the condition aws:PrincipalOrgID', () => {
    const { telemetry, template } = withKey({ producerOrganizations: [ORGANIZATION] });
    template.hasResourceProperties('AWS::Kinesis::ResourcePolicy', {
      ResourcePolicy: {
        Statement: [
          {
            Sid: 'TelemetryFromOrganizations',
            Effect: 'Allow',
            Action: 'kinesis:PutRecords',
            Resource: { 'Fn::GetAtt': [logicalId(telemetry.stream), 'Arn'] },
            Principal: { AWS: '*' },
            Condition: { StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION] } },
          },
        ],
      },
    });
  });

  test('has a statement for each when both accounts and organizations are given', () => {
    const { template } = withKey({ producerAccounts: [OTHER], producerOrganizations: [ORGANIZATION] });
    template.hasResourceProperties('AWS::Kinesis::ResourcePolicy', {
      ResourcePolicy: {
        Statement: [
          Match.objectLike({ Sid: 'TelemetryFromAccounts' }),
          Match.objectLike({ Sid: 'TelemetryFromOrganizations' }),
        ],
      },
    });
  });

  test('is not made for the account of the stream, which needs neither policy nor key', () => {
    const stack = newStack({ env: HERE });
    new KinesisTelemetryExtension(stack, 'Telemetry', { producerAccounts: [HERE.account] });
    templateOf(stack).resourceCountIs('AWS::Kinesis::ResourcePolicy', 0);
  });

  test('leaves the account of the stream out beside others', () => {
    const { template } = withKey({ producerAccounts: [HERE.account, OTHER] });
    template.hasResourceProperties('AWS::Kinesis::ResourcePolicy', {
      ResourcePolicy: { Statement: [Match.objectLike({ Principal: { AWS: root(OTHER) } })] },
    });
  });

  test('is not made by default', () => {
    withKey({}).template.resourceCountIs('AWS::Kinesis::ResourcePolicy', 0);
  });

  test('takes an account that is known only at deployment', () => {
    const stack = newStack({ env: HERE });
    const account = new CfnParameter(stack, 'Account').valueAsString;
    const { template } = withKey({ producerAccounts: [account] }, stack);
    template.resourceCountIs('AWS::Kinesis::ResourcePolicy', 1);
  });
});

describe('the policy of the key', () => {
  const anyStream = {
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:kinesis:${HERE.region}:${HERE.account}:stream/*`]],
  };

  function keyStatement(props: KinesisTelemetryExtensionProps) {
    const { template } = withKey(props);
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    return key?.Properties.KeyPolicy.Statement.at(-1);
  }

  test('lets other accounts use it for streams of this account', () => {
    expect(keyStatement({ producerAccounts: [OTHER] })).toEqual({
      Sid: 'TelemetryFromAccounts',
      Effect: 'Allow',
      Action: 'kms:GenerateDataKey',
      Resource: '*',
      Principal: { AWS: root(OTHER) },
      Condition: { StringLike: { 'kms:EncryptionContext:aws:kinesis:arn': anyStream } },
    });
  });

  test('lets an organization use it for streams of this account', () => {
    expect(keyStatement({ producerOrganizations: [ORGANIZATION] })).toMatchObject({
      Principal: { AWS: '*' },
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION] },
        StringLike: { 'kms:EncryptionContext:aws:kinesis:arn': anyStream },
      },
    });
  });

  test('names the stream when its name was chosen', () => {
    const stack = newStack({ env: HERE });
    const streamProps = { streamName: 'telemetry', encryptionKey: new kms.Key(stack, 'Mine') };
    new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps, producerAccounts: [OTHER] });
    const [key] = Object.values(templateOf(stack).findResources('AWS::KMS::Key'));
    expect(JSON.stringify(key?.Properties.KeyPolicy.Statement.at(-1))).toContain(':stream/telemetry"');
  });

  test('is left to its owner, with a warning, when the key is imported', () => {
    const stack = newStack({ env: HERE });
    const keyArn = `arn:aws:kms:${HERE.region}:${HERE.account}:key/0123`;
    const streamProps = { encryptionKey: kms.Key.fromKeyArn(stack, 'Mine', keyArn) };
    new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps, producerAccounts: [OTHER] });
    expect(warningsOf(stack, 'producer-key-policy')).toEqual([expect.stringContaining(keyArn)]);
  });

  test('lets grantWrite give a role of another account its use, without a cycle', () => {
    const stack = newStack({ env: HERE });
    const streamProps = { encryptionKey: new kms.Key(stack, 'Key') };
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps });
    telemetry.grantWrite(iam.Role.fromRoleArn(stack, 'Theirs', `arn:aws:iam::${OTHER}:role/theirs`));
    const template = templateOf(stack); // fails on a cycle
    template.hasResourceProperties('AWS::Kinesis::ResourcePolicy', {
      ResourcePolicy: { Statement: [Match.objectLike({ Action: 'kinesis:PutRecords' })] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'kms:GenerateDataKey',
            Condition: { StringLike: { 'kms:EncryptionContext:aws:kinesis:arn': anyStream } },
          }),
        ]),
      },
    });
  });
});

describe('refusals', () => {
  test('fails without a customer key, which other accounts need', () => {
    const error = errorOf(
      () => new KinesisTelemetryExtension(newStack({ env: HERE }), 'Telemetry', { producerAccounts: [OTHER] }),
    );
    expect(error).toMatchObject({
      code: 'KTE_PRODUCER_KEY',
      message: expect.stringContaining('at:      Stack/Telemetry'),
    });
  });

  test('fails without a customer key for an organization too', () => {
    const props = { producerOrganizations: [ORGANIZATION] };
    expect(errorOf(() => new KinesisTelemetryExtension(newStack(), 'Telemetry', props)).code).toBe('KTE_PRODUCER_KEY');
  });

  test('fails for an imported stream, whose policy it could overwrite', () => {
    const stack = newStack({ env: HERE });
    const stream = kinesis.Stream.fromStreamAttributes(stack, 'Mine', {
      streamArn: `arn:aws:kinesis:${HERE.region}:${HERE.account}:stream/mine`,
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${HERE.region}:${HERE.account}:key/0123`),
    });
    const props = { stream, producerAccounts: [OTHER] };
    const error = errorOf(() => new KinesisTelemetryExtension(stack, 'Telemetry', props));
    expect(error).toMatchObject({ code: 'KTE_PRODUCERS', message: expect.stringContaining('an imported stream') });
  });

  test.each(['12345', '22222222222a', ''])('fails for the account "%s"', (account) => {
    const error = errorOf(() => withKey({ producerAccounts: [account] }));
    expect(error).toMatchObject({ code: 'KTE_PRODUCERS', message: expect.stringContaining(`"${account}"`) });
  });

  test.each(['a1b2c3d4e5', 'o-SHOUTING99', 'ou-abcd-12345678'])('fails for the organization "%s"', (organization) => {
    expect(errorOf(() => withKey({ producerOrganizations: [organization] })).code).toBe('KTE_PRODUCERS');
  });
});

test('serves a function of another account by ARNs alone', () => {
  const app = new App();
  const user = new Stack(app, 'User', { env: { ...HERE, account: OTHER } });
  const stream = kinesis.Stream.fromStreamAttributes(user, 'Theirs', {
    streamArn: `arn:aws:kinesis:${HERE.region}:${HERE.account}:stream/theirs`,
    encryptionKey: kms.Key.fromKeyArn(user, 'Key', `arn:aws:kms:${HERE.region}:${HERE.account}:key/0123`),
  });
  new KinesisTelemetryExtension(user, 'Telemetry', { stream });
  templateOf(user).hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Action: 'kinesis:PutRecords', Resource: stream.streamArn }),
        Match.objectLike({ Action: 'kms:GenerateDataKey', Resource: stream.encryptionKey?.keyArn }),
      ],
    },
  });
});
