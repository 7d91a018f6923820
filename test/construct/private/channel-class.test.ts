import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { expect, test } from 'vitest';
import { channelClass, FIRST_VERSION } from '../../../src/private/channel/channel-class';
import { errorOf, newStack } from '../fixture';

const installed: { readonly CfnChannel?: typeof kinesis.CfnChannel } = kinesis;

test('takes the class of the core that is given', () => {
  class CfnChannel {}
  const core = { CfnChannel: CfnChannel as unknown as typeof kinesis.CfnChannel };
  expect(channelClass(newStack(), core)).toBe(CfnChannel);
});

test('fails with a core that has none, and says which core it is and which it has to be', () => {
  const { code, message } = errorOf(() => channelClass(newStack(), {}));
  const { version } = require('aws-cdk-lib/package.json');
  expect(code).toBe('KTE_CHANNEL_UNKNOWN');
  expect(message).toContain(`aws-cdk-lib ${version} without aws_kinesis.CfnChannel`);
  expect(message).toContain(`aws-cdk-lib ${FIRST_VERSION} or newer`);
  expect(message).toContain(`npm install aws-cdk-lib@^${FIRST_VERSION}`);
});

test('looks at the core that is installed: the first version with the class is the one that the message names', () => {
  const { version } = require('aws-cdk-lib/package.json') as { version: string };
  const minor = (text: string) => Number(text.split('.')[1]);
  expect(installed.CfnChannel !== undefined).toBe(minor(version) >= minor(FIRST_VERSION));
});
