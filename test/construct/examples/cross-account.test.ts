import { App } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { ProducerStack } from '../../../examples/typescript/cross-account/producer-stack';
import { StreamStack } from '../../../examples/typescript/cross-account/stream-stack';
import { templateOf, variablesOf, warningsOf } from '../fixture';

const region = 'eu-west-1';
const streamArn = `arn:aws:kinesis:${region}:111111111111:stream/telemetry`;
const keyArn = `arn:aws:kms:${region}:111111111111:key/00000000-0000-0000-0000-000000000000`;

function producerStack() {
  const env = { account: '222222222222', region };
  return new ProducerStack(new App(), 'Producer', { env, streamArn, keyArn });
}

test('lets the producers write to the stream and use its key for it', () => {
  const env = { account: '111111111111', region };
  const stack = new StreamStack(new App(), 'Stream', { env, producerAccounts: ['222222222222'] });
  const template = templateOf(stack);
  template.hasResourceProperties('AWS::Kinesis::ResourcePolicy', {
    ResourcePolicy: { Statement: [Match.objectLike({ Action: 'kinesis:PutRecords' })] },
  });
  const [key] = Object.values(template.findResources('AWS::KMS::Key'));
  const statement = JSON.stringify(key?.Properties.KeyPolicy.Statement.at(-1));
  expect(statement).toContain('kms:GenerateDataKey');
  expect(statement).toContain(`:kinesis:${region}:111111111111:stream/telemetry`);
});

test('gives the functions of the other account both rights, and the ARN of the stream', () => {
  const stack = producerStack();
  templateOf(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Action: 'kinesis:PutRecords', Resource: streamArn }),
        Match.objectLike({
          Action: 'kms:GenerateDataKey',
          Resource: keyArn,
          Condition: { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': streamArn } },
        }),
      ],
    },
  });
  expect(variablesOf(stack)).toEqual({ KINESIS_TELEMETRY_STREAM: streamArn });
});

test('reminds of the side that the stream has', () => {
  expect(warningsOf(producerStack(), 'cross-account-stream')).toEqual([expect.stringContaining('producerAccounts')]);
});
