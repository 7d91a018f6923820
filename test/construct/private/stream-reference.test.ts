import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension } from '../../../src';
import { HERE, newFunction, newStack, variablesOf } from '../fixture';

test.each([
  ['the account of the function', { account: '222222222222', region: HERE.region }],
  ['the Region of the function', { account: HERE.account, region: 'us-east-1' }],
])('writes the ARN of the stream when it is not in %s', (_, env) => {
  const stack = newStack({ env });
  const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine');
  new KinesisTelemetryExtension(stack, 'Telemetry', { stream }).addToFunction(newFunction(stack));
  expect(variablesOf(stack)).toEqual({ KINESIS_TELEMETRY_STREAM: stream.streamArn });
});

test('writes the name of a stream imported from the same account and Region', () => {
  const stack = newStack({ env: HERE });
  const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine');
  new KinesisTelemetryExtension(stack, 'Telemetry', { stream }).addToFunction(newFunction(stack));
  expect(variablesOf(stack)).toEqual({ KINESIS_TELEMETRY_STREAM: 'mine' });
});

test('writes the ARN where synth cannot tell whether the environments are the same', () => {
  const stack = newStack();
  const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine');
  new KinesisTelemetryExtension(stack, 'Telemetry', { stream }).addToFunction(newFunction(stack));
  expect(variablesOf(stack)).toEqual({ KINESIS_TELEMETRY_STREAM: stream.streamArn });
});
