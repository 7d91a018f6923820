import { describe, expect, it } from 'vitest';
import { isAlive, received, said, start, types } from './fake-environment';

describe('reset', () => {
  it('ends a timed-out invocation, tells the extension, and starts new processes for the next one', async () => {
    const environment = await start();
    const before = environment.extensionPid;
    const invocation = await environment.invoke({ waitMs: 60_000, log: ['before'] }, { timeoutMs: 250 });
    expect(invocation).toMatchObject({
      status: 'timeout',
      error: { errorMessage: expect.stringContaining('timed out') },
    });
    expect(isAlive(before)).toBe(false);
    expect(await said(environment, 'next')).toContainEqual(
      expect.objectContaining({ eventType: 'SHUTDOWN', shutdownReason: 'timeout' }),
    );
    const done = received(environment).find(({ type }) => type === 'platform.runtimeDone');
    expect(done?.record).toMatchObject({ requestId: invocation.requestId, status: 'timeout' });

    expect(await environment.invoke({})).toMatchObject({ status: 'success', coldStart: true });
    expect(environment.extensionPid).not.toBe(before);
    const inits = environment.produced.filter(({ type }) => type === 'platform.initStart');
    expect(inits.map(({ record }) => (record as { phase: string }).phase)).toEqual(['init', 'invoke']);
    const subscriptions = environment.produced.filter(({ type }) => type === 'platform.telemetrySubscription');
    expect(subscriptions.map(({ record }) => (record as { state: string }).state)).toEqual([
      'Subscribed',
      'Already subscribed',
    ]);
  });

  it('times out an invocation whose extension hangs', async () => {
    const environment = await start({ hangAtInvoke: true });
    const startedAt = Date.now();
    expect(await environment.invoke({}, { timeoutMs: 200 })).toMatchObject({
      status: 'timeout',
      response: expect.anything(),
    });
    expect(Date.now() - startedAt).toBeGreaterThan(2_000); // it also ignores SHUTDOWN: killed after its two seconds
  });

  it('reports a runtime that exits as Runtime.ExitError and shuts down with reason failure', async () => {
    const environment = await start();
    const invocation = await environment.invoke({ exit: 7, log: ['last words'] });
    expect(invocation).toMatchObject({ status: 'error', error: { errorType: 'Runtime.ExitError' } });
    const events = received(environment);
    expect(events.find(({ type }) => type === 'platform.runtimeDone')?.record).toMatchObject({
      status: 'error',
      errorType: 'Runtime.ExitError',
    });
    expect(types(events).indexOf('function')).toBeLessThan(types(events).indexOf('platform.runtimeDone'));
    expect(await said(environment, 'next')).toContainEqual(expect.objectContaining({ shutdownReason: 'failure' }));
    expect((await environment.invoke({})).status).toBe('success');
  });

  it('fails the invocation as Extension.Crash when the extension ends in the middle', async () => {
    const environment = await start({ exitAtInvoke: 0 });
    expect(await environment.invoke({ waitMs: 1_000 })).toMatchObject({
      status: 'failure',
      error: { errorType: 'Extension.Crash' },
    });
  });
});

describe('shutdown', () => {
  it('delivers what is left, gives a deadline of two seconds and ends with the extension', async () => {
    const environment = await start();
    const { requestId } = await environment.invoke({});
    const { extensionPid, runtimePid } = environment;
    const askedAt = Date.now();
    const shutdown = await environment.shutdown();
    expect(shutdown).toMatchObject({ exitCode: 0, signal: null, killed: false });
    expect(shutdown.durationMs).toBeLessThan(1_800);
    const event = (await said(environment, 'next')).find(({ eventType }) => eventType === 'SHUTDOWN');
    expect(event).toMatchObject({ shutdownReason: 'spindown' });
    expect(Number(event?.deadlineMs)).toBeGreaterThanOrEqual(askedAt + 2_000);
    expect(received(environment).at(-1)).toMatchObject({ type: 'platform.report', record: { requestId } });
    expect(received(environment)).toEqual(environment.produced);
    expect([isAlive(extensionPid), isAlive(runtimePid)]).toEqual([false, false]);
    await expect(environment.invoke({})).rejects.toThrow('has ended');
  });

  it('kills an extension that hangs after its deadline', async () => {
    const environment = await start({ hangAtShutdown: true });
    const shutdown = await environment.shutdown();
    expect(shutdown).toMatchObject({ exitCode: null, signal: 'SIGKILL', killed: true });
    expect(shutdown.durationMs).toBeGreaterThan(1_500);
    expect(shutdown.durationMs).toBeLessThan(4_000);
  });

  it('kills an extension at once that did not register for SHUTDOWN', async () => {
    const environment = await start({ events: ['INVOKE'] });
    const shutdown = await environment.shutdown();
    expect(shutdown).toMatchObject({ signal: 'SIGKILL', killed: true });
    expect(shutdown.durationMs).toBeLessThan(1_800);
  });

  it('leaves nothing behind after a crash, and can be disposed of twice', async () => {
    const environment = await start();
    await environment.invoke({});
    const { extensionPid, runtimePid } = environment;
    await environment.crash();
    await environment.dispose();
    expect([isAlive(extensionPid), isAlive(runtimePid)]).toEqual([false, false]);
  });
});
