import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { until } from '../../sandbox/src';
import { ACTIONS, FAKE_LAYER, received, said, start, types } from './fake-environment';

describe('init', () => {
  it('starts the runtime only after the extension has registered', async () => {
    const environment = await start();
    const calls = environment.exchanges.map(({ method, path }) => `${method} ${path}`);
    expect(calls.indexOf('POST /2020-01-01/extension/register')).toBeLessThan(
      calls.indexOf('GET /2018-06-01/runtime/invocation/next'),
    );
    const { registerMs, subscribeMs, firstNextMs, durationMs } = environment.init;
    expect(registerMs).toBeGreaterThan(0);
    expect(subscribeMs).toBeGreaterThan(registerMs);
    expect(firstNextMs).toBeGreaterThan(subscribeMs as number);
    expect(durationMs).toBeGreaterThan(registerMs);
  });

  it('answers register with the function identity, and with the account only on request', async () => {
    const plain = await start();
    expect(JSON.parse(String((await said(plain, 'registered'))[0]?.body))).toEqual({
      functionName: 'sandbox-function',
      functionVersion: '$LATEST',
      handler: 'actions.handler',
    });
    const asking = await start({ acceptFeature: 'unknown , accountId' });
    expect(JSON.parse(String((await said(asking, 'registered'))[0]?.body))).toMatchObject({
      accountId: '123456789012',
    });
  });

  it('gives the extension the function variables but neither the withheld ones nor those of this process', async () => {
    process.env.SANDBOX_LEAK = 'must not arrive';
    const environment = await start(
      { sayEnvironment: true },
      { environment: { MY_VARIABLE: 'mine', _PRIVATE: 'no', LAMBDA_TASK_ROOT: 'no' }, memorySizeMb: 256 },
    );
    delete process.env.SANDBOX_LEAK;
    const [variables] = await said<Record<string, string>>(environment, 'environment');
    expect(variables).toMatchObject({
      MY_VARIABLE: 'mine',
      AWS_LAMBDA_RUNTIME_API: environment.runtimeApiAddress,
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'sandbox-function',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'Text',
      AWS_ACCESS_KEY_ID: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
    });
    for (const withheld of ['SANDBOX_LEAK', '_PRIVATE', '_HANDLER', 'LAMBDA_TASK_ROOT', 'AWS_EXECUTION_ENV', 'HOME']) {
      expect(variables).not.toHaveProperty(withheld);
    }
    const runtime = (await environment.invoke({ environment: true })).response;
    expect(runtime).toMatchObject({
      _HANDLER: 'actions.handler',
      AWS_EXECUTION_ENV: expect.any(String),
      MY_VARIABLE: 'mine',
    });
  });

  it('fails as Extension.Crash when the extension ends, even with exit code 0', async () => {
    await expect(start({ exitAtStart: 0 })).rejects.toThrow(
      'Extension.Crash: fake-extension ended outside SHUTDOWN with exit code 0',
    );
  });

  it('fails when an extension reports an init error', async () => {
    await expect(start({ initError: true })).rejects.toThrow('Extension.InitError: fake-extension reported Fake.Init');
  });

  it('says who is waited for when init takes too long', async () => {
    await expect(start({ neverRegister: true }, { initTimeoutMs: 400 })).rejects.toThrow(
      /init did not end within 400 ms: fake-extension is started; the runtime waits for all registrations/,
    );
  });

  it('refuses SHUTDOWN for a name that is no file in extensions/, and never gets over init', async () => {
    await expect(start({ name: 'somebody-else' }, { initTimeoutMs: 600 })).rejects.toThrow(/fake-extension is started/);
  });

  it('fails with what the runtime wrote when the handler cannot be loaded', async () => {
    await expect(start({}, { handler: `${ACTIONS}.missing` })).rejects.toThrow(
      /Cannot find module|ERR_MODULE_NOT_FOUND/,
    );
  });

  it('fails as Extension.LaunchError when the file has no exec bit', async () => {
    const { cp, chmod, mkdtemp, rm } = await import('node:fs/promises');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
    await cp(FAKE_LAYER, folder, { recursive: true });
    await chmod(join(folder, 'extensions/fake-extension'), 0o644);
    await expect(start({}, { layerDirectory: folder })).rejects.toThrow(
      'Extension.LaunchError: fake-extension: PermissionDenied',
    );
    await rm(folder, { recursive: true });
  });

  it('answers injected failures before it serves register and next', async () => {
    const environment = await start({}, { extensionsApi: { registerStatus: [500], nextFailures: [500, 'reset'] } });
    expect((await said(environment, 'registered', 2)).map(({ status }) => status)).toEqual([500, 200]);
    for (const line of ['next failed 500', 'next failed "ECONNRESET"']) {
      await until(() => environment.extensionOutput.includes(line), line);
    }
    expect((await environment.invoke()).status).toBe('success');
  });

  it('refuses INVOKE when told to', async () => {
    await expect(start({}, { extensionsApi: { refuseInvoke: true }, initTimeoutMs: 600 })).rejects.toThrow(
      /Extension.InvalidEventType/,
    );
  });
});

describe('invoke', () => {
  it('hands the event to the handler and its answer back', async () => {
    const environment = await start();
    const first = await environment.invoke({});
    const second = await environment.invoke({});
    expect(first).toMatchObject({ status: 'success', coldStart: true, response: { requestId: first.requestId } });
    expect(second).toMatchObject({ status: 'success', coldStart: false });
    const events = await said(environment, 'next');
    expect(events[0]).toMatchObject({
      eventType: 'INVOKE',
      requestId: first.requestId,
      deadlineMs: expect.any(Number),
    });
    expect(Number(events[0]?.deadlineMs) - Date.now()).toBeLessThan(3_000);
  });

  it('refuses a second invocation while one is running', async () => {
    const environment = await start();
    const running = environment.invoke({ waitMs: 50 });
    await expect(environment.invoke({})).rejects.toThrow('one invocation at a time');
    await running;
  });

  it('counts the time after the runtime is done as extension overhead', async () => {
    const environment = await start({ workMs: 300 });
    const { durationMs, extensionOverheadMs } = await environment.invoke({});
    expect(durationMs + extensionOverheadMs).toBeGreaterThan(295);
    expect(extensionOverheadMs).toBeGreaterThan(durationMs);
  });

  it('does not wait for an extension that registered for SHUTDOWN only', async () => {
    const environment = await start({ events: ['SHUTDOWN'] });
    expect(await environment.invoke({})).toMatchObject({ status: 'success', extensionOverheadMs: 0 });
    expect(await said(environment, 'next', 0)).toEqual([]);
  });

  it('reports a thrown error with runtimeDone status success, as Lambda does', async () => {
    const environment = await start({ awaitRuntimeDone: true });
    const invocation = await environment.invoke({ throw: 'boom' });
    expect(invocation).toMatchObject({ status: 'error', error: { errorType: 'TypeError', errorMessage: 'boom' } });
    const done = environment.produced.find(({ type }) => type === 'platform.runtimeDone');
    expect(done?.record).toMatchObject({ requestId: invocation.requestId, status: 'success' });
    expect((await environment.invoke({})).status).toBe('success');
  });
});

describe('freeze', () => {
  it('stops all processes between invocations and lets them go on with the next one', async () => {
    const environment = await start();
    await environment.invoke({ tickEveryMs: 5 });
    const state = (pid: number): string => /State:\s+(\S)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
    await until(
      () => state(environment.extensionPid) === 'T' && state(environment.runtimePid) === 'T',
      'both are stopped',
    );
    expect((await environment.invoke({})).status).toBe('success');
  });

  it('holds telemetry back until the thaw', async () => {
    const order: string[] = [];
    const beforePost = (): void => void order.push('post');
    const environment = await start({}, { freezeBetweenInvocations: false, telemetry: { beforePost } });
    const isIdle = () => environment.acknowledged.length === environment.produced.length;
    await until(isIdle, 'what init produced is taken, and no POST under way');
    order.splice(0);
    environment.freeze();
    // It fills the buffer, which is therefore cut at once: but for the freeze, its POST would begin within this call.
    environment.emitTelemetry('platform.test', { fill: 'x'.repeat(262_144) });
    order.push('thaw');
    environment.thaw();
    await until(() => types(received(environment)).includes('platform.test'), 'the event arrives after the thaw');
    expect(order).toEqual(['thaw', 'post']);
  });

  it('can be switched off', async () => {
    const environment = await start({}, { freezeBetweenInvocations: false });
    const { requestId } = await environment.invoke({});
    await until(
      () =>
        received(environment).some(
          ({ type, record }) => type === 'platform.report' && (record as { requestId: string }).requestId === requestId,
        ),
      'the report arrives without a further invocation',
    );
  });
});

describe('Managed Instances', () => {
  const managed = { initializationType: 'lambda-managed-instances' } as const;

  it('run several invocations at once, without runtimeDone, freeze or INVOKE events', async () => {
    const environment = await start({ events: ['SHUTDOWN'] }, managed);
    const startedAt = Date.now();
    const invocations = await Promise.all([1, 2, 3].map(() => environment.invoke({ waitMs: 700, log: ['hello'] })));
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    expect(invocations.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
    await until(
      () => types(received(environment)).filter((type) => type === 'platform.report').length === 3,
      'three reports',
    );
    expect(types(environment.produced)).not.toContain('platform.runtimeDone');
    const report = environment.produced.find(({ type }) => type === 'platform.report');
    expect(report?.record).toMatchObject({ metrics: { durationMs: expect.any(Number) } });
    expect(JSON.stringify(report?.record)).not.toContain('billedDurationMs');
    const lines = environment.produced.filter(({ type }) => type === 'function').map(({ record }) => record);
    expect(lines.map((line) => (line as { requestId: string }).requestId).sort()).toEqual(
      invocations.map(({ requestId }) => requestId).sort(),
    );
    expect((await environment.shutdown()).exitCode).toBe(0);
  });

  it('refuse INVOKE and schema versions before 2025-01-29', async () => {
    await expect(start({}, { ...managed, initTimeoutMs: 600 })).rejects.toThrow(/Extension.InvalidEventType/);
    const environment = await start(
      { events: ['SHUTDOWN'], subscriptions: [{ schemaVersion: '2022-12-13' }, {}] },
      managed,
    );
    expect((await said(environment, 'subscribed', 2)).map(({ status }) => status)).toEqual([400, 200]);
  });
});
