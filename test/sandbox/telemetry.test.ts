import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../sandbox/src';
import { logs, received, said, start, types } from './fake-environment';

describe('subscription', () => {
  it.each([
    ['an unknown schema version', { schemaVersion: '2021-01-01' }],
    ['no types', { types: [] }],
    ['an unknown type', { types: ['platform', 'network'] }],
    ['https', { destination: { protocol: 'HTTP', URI: 'https://sandbox.localdomain:4000' } }],
    ['a missing port', { destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain' } }],
    ['another host', { destination: { protocol: 'HTTP', URI: 'http://127.0.0.1:4000' } }],
    ['too few items', { buffering: { maxItems: 999 } }],
    ['too many bytes', { buffering: { maxBytes: 1_048_577 } }],
    ['too short a time', { buffering: { timeoutMs: 24 } }],
  ])('with %s is refused with 400 ValidationError', async (_, subscription) => {
    const environment = await start({ subscriptions: [subscription] });
    const [answer] = await said(environment, 'subscribed');
    expect(answer).toMatchObject({ status: 400 });
    expect(JSON.parse(String(answer?.body))).toMatchObject({ errorType: 'ValidationError' });
    expect(environment.produced).toEqual([]);
  });

  it('is accepted with "OK" and announced', async () => {
    const environment = await start({ subscriptions: [{ schemaVersion: '2022-12-13' }] });
    expect(await said(environment, 'subscribed')).toEqual([{ status: 200, body: '"OK"' }]);
    expect(environment.produced).toContainEqual(
      expect.objectContaining({
        type: 'platform.telemetrySubscription',
        record: { name: 'fake-extension', state: 'Subscribed', types: ['platform', 'function'] },
      }),
    );
  });

  it('is harmless twice and closed after init', async () => {
    const environment = await start({ subscriptions: [{}, {}], lateSubscription: true });
    expect((await said(environment, 'subscribed', 2)).map(({ status }) => status)).toEqual([200, 200]);
    await environment.invoke({});
    expect((await said(environment, 'late subscription'))[0]).toMatchObject({
      status: 403,
      body: expect.stringContaining('Telemetry.SubscriptionClosed'),
    });
  });

  it('is answered 202 where telemetry is unsupported, and with injected statuses', async () => {
    const unsupported = await start({}, { telemetry: { unsupported: true } });
    expect((await said(unsupported, 'subscribed'))[0]).toMatchObject({
      status: 202,
      body: expect.stringContaining('NotSupported'),
    });
    await unsupported.invoke({ log: ['x'] });
    expect(unsupported.exchanges.filter(({ api }) => api === 'delivery')).toEqual([]);
    const failing = await start({ subscriptions: [{}, {}] }, { telemetry: { subscribeStatus: [500] } });
    expect((await said(failing, 'subscribed', 2)).map(({ status }) => status)).toEqual([500, 200]);
  });
});

describe('events', () => {
  it('come in the order of the platform; the report follows with the next invocation or at shutdown', async () => {
    const environment = await start({ awaitRuntimeDone: true });
    await environment.invoke({ log: ['one'] });
    await until(() => received(environment).length >= 8, 'all events up to runtimeDone');
    expect(types(received(environment))).toEqual([
      'platform.initStart',
      'platform.telemetrySubscription',
      'platform.initRuntimeDone',
      'platform.extension',
      'platform.initReport',
      'platform.start',
      'function',
      'platform.runtimeDone',
    ]);
    await environment.invoke({ log: ['two'] });
    await environment.shutdown();
    expect(types(received(environment)).slice(8)).toEqual([
      'platform.report',
      'platform.start',
      'function',
      'platform.runtimeDone',
      'platform.report',
    ]);
    const [first, second] = environment.produced
      .filter(({ type }) => type === 'platform.report')
      .map(({ record }) => (record as { metrics: Record<string, number> }).metrics);
    expect(first).toHaveProperty('initDurationMs');
    expect(second).not.toHaveProperty('initDurationMs');
    expect(second?.billedDurationMs).toBe(Math.ceil(second?.durationMs ?? 0));
  });

  it('are complete and in order for 100,000 lines in one invocation', async () => {
    const lines = 100_000;
    const environment = await start({ awaitRuntimeDone: true, countOnly: true }, { timeoutMs: 20_000 });
    expect((await environment.invoke({ lines })).status).toBe('success');
    const messages = logs(environment.produced).map((record) => String(record).split('\t')[3]);
    expect(messages).toEqual(Array.from({ length: lines }, (_, index) => `line ${index}`));
    const done = environment.produced.findIndex(({ type }) => type === 'platform.runtimeDone');
    expect(environment.produced.findLastIndex(({ type }) => type === 'function')).toBeLessThan(done);
    await environment.shutdown();
    const counted = environment.extensionOutput.filter((line) => line.startsWith('count '));
    expect(counted.reduce((sum, line) => sum + Number(line.slice(6)), 0)).toBe(environment.produced.length);
    expect(environment.acknowledged).toEqual(environment.produced);
  });

  it('of the type extension carry what the extension writes', async () => {
    const environment = await start({ subscriptions: [{ types: ['extension'] }], countOnly: true });
    const isFirstLine = ({ record }: { record: unknown }) => String(record).startsWith('registered ');
    await until(() => environment.produced.some(isFirstLine), 'the first line of the extension');
  });

  it('of any type can be handed in', async () => {
    const environment = await start();
    environment.emitTelemetry('platform.somethingNew', { deep: [1, 2] });
    await until(() => types(received(environment)).includes('platform.somethingNew'), 'the new type arrives');
  });
});

describe('function logs', () => {
  it('are tab-separated strings in text format; a message of several lines is one event', async () => {
    const environment = await start();
    const { requestId } = await environment.invoke({ log: ['plain', 'two\nlines'], raw: ['{"raw":1}\npartial'] });
    const records = logs(environment.produced);
    expect(records).toHaveLength(4);
    expect(records).toContainEqual(expect.stringMatching(new RegExp(`^20\\S+Z\\t${requestId}\\tINFO\\tplain$`)));
    expect(records).toContainEqual(expect.stringMatching(/\tINFO\ttwo\nlines$/));
    expect(records).toContain('{"raw":1}');
    expect(records).toContain('partial'); // not ended by a newline
  });

  it('are objects in JSON format; a raw line that is an object passes unchanged', async () => {
    const environment = await start({}, { logFormat: 'JSON' });
    const { requestId } = await environment.invoke({
      log: ['plain', { an: 'object' }],
      raw: ['{"my":{"own":[1]}}\nno json\n'],
      error: 'bad',
    });
    const records = logs(environment.produced);
    expect(records).toContainEqual({ timestamp: expect.any(String), level: 'INFO', requestId, message: 'plain' });
    expect(records).toContainEqual({
      timestamp: expect.any(String),
      level: 'INFO',
      requestId,
      message: { an: 'object' },
    });
    expect(records).toContainEqual({ my: { own: [1] } });
    expect(records).toContainEqual({ timestamp: expect.any(String), level: 'INFO', message: 'no json' });
    expect(records).toContainEqual(
      expect.objectContaining({ level: 'ERROR', errorType: 'Error', errorMessage: 'bad' }),
    );
  });

  it('keep the bytes of a raw JSON line on the wire', async () => {
    const environment = await start({ countOnly: true, awaitRuntimeDone: true }, { logFormat: 'JSON' });
    await environment.invoke({ raw: ['{"id":12345678901234567890, "b":1.0}\n'] });
    const posts = environment.exchanges.filter(({ api }) => api === 'delivery').map(({ requestBody }) => requestBody);
    expect(posts.join()).toContain('"record":{"id":12345678901234567890, "b":1.0}');
  });

  it('are always strings in schema 2022-07-01', async () => {
    const environment = await start({ subscriptions: [{ schemaVersion: '2022-07-01' }] }, { logFormat: 'JSON' });
    await environment.invoke({ log: ['plain'] });
    expect(JSON.parse(String(logs(environment.produced)[0]))).toMatchObject({ level: 'INFO', message: 'plain' });
  });
});

describe('delivery', () => {
  it('is repeated until the listener has it', async () => {
    const environment = await start({ awaitRuntimeDone: true }, { telemetry: { postFailures: 3 } });
    await environment.invoke({ log: ['x'] });
    await environment.shutdown();
    expect(received(environment)).toEqual(environment.produced);
  });

  it("waits for the next process of an extension that has ended: its port may be another's by then", async () => {
    const environment = await start();
    const port = Number(/sandbox\.localdomain:(\d+)/.exec(JSON.stringify(environment.exchanges))?.[1]);
    await environment.invoke({ waitMs: 60_000, log: ['before'] }, { timeoutMs: 250 });
    let foreign = 0;
    const other = createServer((_, response) => {
      foreign += 1;
      response.end();
    });
    onTestFinished(() => void other.close());
    await new Promise<void>((resolve) => other.listen(port, '0.0.0.0', resolve));
    environment.emitTelemetry('platform.somethingNew', {});
    await environment.invoke({ log: ['after'] });
    await environment.shutdown();
    expect(foreign).toBe(0);
    expect(environment.acknowledged).toEqual(environment.produced);
  });

  it('can be duplicated', async () => {
    const environment = await start({ awaitRuntimeDone: true }, { telemetry: { duplicatePosts: 1 } });
    await environment.invoke({});
    const initStarts = () => types(received(environment)).filter((type) => type === 'platform.initStart').length;
    await until(() => initStarts() === 2, 'the same event twice');
  });

  it('drops the oldest for a listener that is too slow and says how much', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const environment = await start(
      { countOnly: true },
      {
        telemetry: { maxQueueBytes: 600_000, beforePost: () => held },
        timeoutMs: 20_000,
        freezeBetweenInvocations: false,
      },
    );
    await environment.invoke({ lines: 20_000 });
    release();
    const dropped = environment.droppedByPlatform.length;
    expect(dropped).toBeGreaterThan(0);
    const notices = environment.produced.filter(({ type }) => type === 'platform.logsDropped');
    const counted = notices.reduce((sum, { record }) => sum + (record as { droppedRecords: number }).droppedRecords, 0);
    expect(counted).toBe(dropped);
    await until(
      () => environment.acknowledged.length + environment.droppedByPlatform.length === environment.produced.length,
      'every event is either taken or dropped',
    );
  });
});
