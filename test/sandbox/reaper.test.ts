import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../sandbox/src';
import { isAlive } from './fake-environment';

it.each(['SIGKILL', 'SIGTERM'] as const)('no frozen process survives a parent that ends by %s', async (signal) => {
  const script = resolve(__dirname, 'fixtures/start-and-wait.ts');
  const parent = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  parent.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  await until(() => output.includes('\n'), 'the environment is frozen', { timeoutMs: 20_000 });
  const { pids } = JSON.parse(output) as { pids: number[] };
  expect(pids.map(isAlive)).toEqual([true, true]);
  const exited = once(parent, 'exit');
  parent.kill(signal);
  await exited;
  await until(() => !pids.some(isAlive), 'its processes are gone');
});
