import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LISTENER_PORT } from '../../extension/src/telemetry-listener';
import type { ExecutionEnvironment } from '../../sandbox/src';
import { expectedLines, outline, sandboxed } from './sandboxed';

/** Two invocations succeed, none is delayed by more than the flush bound, and SHUTDOWN ends the process well. */
async function expectUnharmed(environment: ExecutionEnvironment, maxOverheadMs = 700): Promise<void> {
  for (let count = 0; count < 2; count += 1) {
    const invocation = await environment.invoke({ lines: ['still here'] });
    expect(invocation.status).toBe('success');
    expect(invocation.extensionOverheadMs).toBeLessThan(maxOverheadMs);
  }
  const { exitCode, killed, durationMs } = await environment.shutdown();
  expect({ exitCode, killed }).toEqual({ exitCode: 0, killed: false });
  expect(durationMs).toBeLessThan(2_000);
}

const complaints = (environment: ExecutionEnvironment) =>
  environment.extensionOutput.filter((line) => /(warn|error): /.test(line));

async function occupy(port: number): Promise<Server | undefined> {
  const server = createServer();
  const bound = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)); // taken by somebody else: just as good
    server.listen(port, '0.0.0.0', () => resolve(true));
  });
  if (bound) onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return bound ? server : undefined;
}

describe('the function is not hurt when', () => {
  it('the stream is not named', async () => {
    const { environment } = await sandboxed({ variables: { KINESIS_TELEMETRY_STREAM: '' } });
    await expectUnharmed(environment, 50);
    expect(complaints(environment)).toEqual([expect.stringContaining('KINESIS_TELEMETRY_STREAM is missing')]);
  });

  it('settings cannot be used: one line names each with what is used instead', async () => {
    const { environment, events } = await sandboxed({
      variables: {
        KINESIS_TELEMETRY_FLUSH: 'sometimes',
        KINESIS_TELEMETRY_TAGS: '{"a":1}',
        KINESIS_TELEMETRY_BUFFER_MAX_ITEMS: '5',
        KINESIS_TELEMETRY_STREM: 'typo',
      },
    });
    await expectUnharmed(environment);
    const lines = complaints(environment);
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).toMatch(/KINESIS_TELEMETRY_FLUSH cannot be used: "sometimes" is not .*adaptive.*; using/);
    expect(outline(events())).toEqual(expectedLines(environment));
  });

  it('the role may not write to the stream', async () => {
    const { environment, kinesis } = await sandboxed();
    kinesis.behave(() => ({ status: 400, errorType: 'AccessDeniedException', message: 'not authorized' }));
    await expectUnharmed(environment);
    expect(complaints(environment)[0]).toContain('AccessDeniedException');
    expect(kinesis.calls.length).toBeLessThan(6);
  });

  it('the stream does not exist', async () => {
    const { environment } = await sandboxed({ variables: { KINESIS_TELEMETRY_STREAM: 'nowhere' } });
    await expectUnharmed(environment);
    expect(complaints(environment)[0]).toContain('ResourceNotFoundException');
  });

  it('there are no credentials', async () => {
    const { environment } = await sandboxed({ credentials: false });
    await expectUnharmed(environment);
    expect(complaints(environment)[0]).toContain('MissingCredentials');
  });

  it('Kinesis cannot be reached', async () => {
    const { environment, kinesis } = await sandboxed();
    await kinesis.close();
    await expectUnharmed(environment);
    expect(complaints(environment)[0]).toContain('ConnectionFailed');
  });

  it('Kinesis never answers', async () => {
    const { environment, kinesis } = await sandboxed();
    kinesis.behave(() => ({ hang: true }));
    await expectUnharmed(environment);
  });

  it('the listener port is taken: a free one serves', async () => {
    await occupy(LISTENER_PORT);
    const { environment, events } = await sandboxed();
    await expectUnharmed(environment);
    expect(outline(events())).toEqual(expectedLines(environment));
  });

  it.each([400, 403, 500])('the subscription is refused with status %i', async (subscribeStatus) => {
    const { environment } = await sandboxed({ telemetry: { subscribeStatus } });
    await expectUnharmed(environment, 50);
    expect(complaints(environment)).toEqual([expect.stringContaining('telemetry is off')]);
  });

  it('telemetry is not supported (202)', async () => {
    const { environment } = await sandboxed({ telemetry: { unsupported: true } });
    await expectUnharmed(environment, 50);
    expect(complaints(environment)).toEqual([expect.stringContaining('does not support the Telemetry API')]);
  });

  it('platform.runtimeDone never comes', async () => {
    const { environment, events } = await sandboxed({ timeoutMs: 1_500, telemetry: { omitRuntimeDone: true } });
    const first = await environment.invoke({ lines: ['a'] });
    expect(first.status).toBe('success');
    const second = await environment.invoke({ lines: ['b'] });
    expect(second.status).toBe('success');
    expect(second.extensionOverheadMs).toBeLessThan(50);
    await environment.shutdown();
    expect(outline(events())).toEqual(expectedLines(environment));
  });

  it('telemetry never reaches the listener', async () => {
    const { environment } = await sandboxed({ timeoutMs: 5_000, telemetry: { postFailures: 1_000_000 } });
    await expectUnharmed(environment, 900);
  });

  it('/register and /next fail a few times', async () => {
    const { environment, events } = await sandboxed({
      extensionsApi: { registerStatus: [500, 503], nextFailures: [500, 'reset', 403, 'reset'] },
    });
    await expectUnharmed(environment);
    expect(outline(events())).toEqual(expectedLines(environment));
  });

  it('INVOKE is refused at registration', async () => {
    const { environment, events } = await sandboxed({ extensionsApi: { refuseInvoke: true } });
    const invocation = await environment.invoke({ lines: ['not waited for'] });
    expect(invocation.extensionOverheadMs).toBeLessThan(50);
    await environment.shutdown();
    expect(outline(events())).toEqual(expectedLines(environment));
  });

  it('it sets NODE_OPTIONS and its like for itself', async () => {
    const preload = join(__dirname, 'fixtures', 'preload-that-kills-the-extension.cjs');
    const { environment, events } = await sandboxed({
      variables: { NODE_OPTIONS: `--require ${preload}`, NODE_DEBUG: 'http,net', NODE_PATH: '/nowhere' },
    });
    await expectUnharmed(environment);
    expect(outline(events())).toEqual(expectedLines(environment));
    expect(complaints(environment)).toEqual([]);
  });

  it('it times out or crashes: the next environment starts its own count', async () => {
    const { environment, events } = await sandboxed({ timeoutMs: 1_000 });
    expect((await environment.invoke({ workMs: 5_000, lines: ['too slow'] })).status).toBe('timeout');
    expect((await environment.invoke({ exit: 3, lines: ['crash'] })).status).toBe('error');
    expect((await environment.invoke({ lines: ['well again'] })).status).toBe('success');
    await environment.shutdown();
    const instances = [...new Set(events().map((line) => line.instance_id))];
    expect(instances).toHaveLength(3);
    for (const instance of instances) {
      const seqs = events()
        .filter((line) => line.instance_id === instance)
        .map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    expect(events()).toHaveLength(environment.produced.length);
    for (const message of ['too slow', 'crash', 'well again']) {
      expect(events().filter((line) => line.message?.includes(message))).toHaveLength(1);
    }
  });
});
