import childProcess from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { expect, test, vi } from 'vitest';
import { KinesisTelemetryExtension } from '../../src';
import { errorOf, HERE, newFunction, newStack, templateOf } from './fixture';

test('starts no process: no Docker, no bundler', () => {
  const starts = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const;
  const spies = starts.map((name) => vi.spyOn(childProcess, name));
  const stack = newStack();
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack));
  (stack.node.root as App).synth();
  expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
  vi.restoreAllMocks();
});

test('depends on no table of Regions: one that CDK does not know gets the template of the others', () => {
  const resourcesIn = (region: string) => {
    const stack = newStack({ env: { account: HERE.account, region } });
    new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(newFunction(stack));
    return JSON.stringify(templateOf(stack).toJSON().Resources).replaceAll(region, '<region>');
  };
  expect(resourcesIn('xx-nowhere-9')).toBe(resourcesIn('eu-west-1'));
});

test("lets CDK's own error through when the stream of another account has no physical name", () => {
  const app = new App();
  const owner = newStack({ env: HERE }, app);
  const user = new Stack(app, 'User', { env: { ...HERE, account: '222222222222' } });
  const { stream } = new KinesisTelemetryExtension(owner, 'Telemetry');
  const telemetry = new KinesisTelemetryExtension(user, 'Telemetry', { stream });
  const error = errorOf(() => {
    telemetry.addToFunction(newFunction(user));
    app.synth();
  });
  expect(error.message).toContain('physical name');
});

test('takes a stream of another account that has a physical name', () => {
  const app = new App();
  const owner = newStack({ env: HERE }, app);
  const user = new Stack(app, 'User', { env: { ...HERE, account: '222222222222' } });
  const stream = new kinesis.Stream(owner, 'Stream', { streamName: 'telemetry' });
  new KinesisTelemetryExtension(user, 'Telemetry', { stream }).addToFunction(newFunction(user));
  expect(JSON.stringify(templateOf(user).toJSON())).toContain(
    `:kinesis:${HERE.region}:${HERE.account}:stream/telemetry`,
  );
});

test('asks of users no more than the two peers, at versions that npm run test:floor reads from here', () => {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  expect(dependencies ?? {}).toEqual({});
  expect(peerDependencies).toEqual({ 'aws-cdk-lib': '^2.257.0', constructs: '^10.5.1' });
});
