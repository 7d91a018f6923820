import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createKinesisSender } from '../../extension/src/kinesis-sender';
import { Logger } from '../../extension/src/logger';
import { compressRecords } from '../../extension/src/record-compressor';
import { SelfMetrics } from '../../extension/src/self-metrics';
import { parseSettings } from '../../extension/src/settings';
import { createTelemetry } from '../../extension/src/telemetry';
import { metricsOf, parseEmf, sumsOf } from './emf';
import { FakeClock } from './fake-clock';
import { startServer } from './test-server';

type Line = Record<string, unknown>;

/** The whole way of the data with the fake clock, up to a server that plays Kinesis. */
async function newTelemetry(
  options: {
    environment?: Record<string, string>;
    refuse?: boolean;
    events?: ('INVOKE' | 'SHUTDOWN')[];
    selfMetricsFail?: boolean;
  } = {},
) {
  const { refuse = false, events = ['INVOKE', 'SHUTDOWN'] } = options;
  const { url, received } = await startServer((request, response) => {
    const { Records } = JSON.parse(request.body.toString()) as { Records: unknown[] };
    if (refuse) response.writeHead(400).end('{"__type":"AccessDeniedException","message":"no"}');
    else response.end(JSON.stringify({ Records: Records.map(() => ({ SequenceNumber: '1' })) }));
  });
  const environment = {
    KINESIS_TELEMETRY_STREAM: 'orders',
    KINESIS_TELEMETRY_ENDPOINT: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKID',
    AWS_SECRET_ACCESS_KEY: 'secret',
    ...options.environment,
  };
  const clock = new FakeClock();
  const output: string[] = [];
  const { settings } = parseSettings(environment);
  const log = new Logger(settings.logLevel, (line) => output.push(line), clock.now);
  let loads = 0;
  const telemetry = createTelemetry({
    settings,
    registration: { identifier: 'id', events, functionName: 'shop', functionVersion: '3', accountId: '123456789012' },
    quietMs: () => 1_000,
    stopListening: () => {},
    loadSenderModule: () => ({ createKinesisSender }),
    loadCompressorModule: () => ({ compressRecords }),
    loadSelfMetricsModule: () => {
      loads += 1;
      if (options.selfMetricsFail) throw new Error('no such file');
      return { SelfMetrics };
    },
    ...{ environment, clock, log },
  });
  const post = (...events: unknown[]) => telemetry.accept(Buffer.from(JSON.stringify(events)));
  const entries = () =>
    received.flatMap(
      ({ body }) => (JSON.parse(body.toString()) as { Records: { Data: string; PartitionKey: string }[] }).Records,
    );
  /** Every line that Kinesis has received. */
  const lines = () =>
    entries().flatMap(({ Data }) => {
      const data = Buffer.from(Data, 'base64');
      const text = (data[0] === 0x1f ? gunzipSync(data) : data).toString();
      return text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line);
    });
  /** SHUTDOWN: the clock goes on while Kinesis, which lives in real time, answers. */
  const shutDown = async () => {
    let isDone = false;
    const done = telemetry.shutDown({ eventType: 'SHUTDOWN', deadlineMs: clock.now() + 2_000 }).then(() => {
      isDone = true;
    });
    for (let step = 0; !isDone && step < 5_000; step += 1) await clock.advance(step < 200 ? 1 : 10);
    await done;
  };
  return { clock, output, telemetry, post, received, entries, lines, shutDown, selfMetricsLoads: () => loads };
}

const log = (record: unknown) => ({ time: '2026-01-01T00:00:00.000Z', type: 'function', record });

test('brings events into the stream with identity, and the ledger last', async () => {
  const { telemetry, post, lines, received, shutDown } = await newTelemetry({
    environment: { KINESIS_TELEMETRY_TAGS: '{"team":"a"}' },
  });
  telemetry.loadSender();
  post(log('one'), log({ level: 'INFO' }));
  await shutDown();
  const [one, two, stats] = lines();
  expect(one).toMatchObject({
    v: 1,
    account_id: '123456789012',
    region: 'eu-west-1',
    function_name: 'shop',
    function_version: '3',
  });
  expect(one).toMatchObject({ seq: 1, message: 'one', tags: { team: 'a' } });
  expect(two).toMatchObject({ seq: 2, record: { level: 'INFO' }, instance_id: one?.instance_id });
  expect(stats).toMatchObject({ type: 'extension.stats', final: true, received: 2, delivered: 2, dropped: 0, held: 0 });
  expect(JSON.parse(received[0]?.body.toString() ?? '')).toMatchObject({ StreamName: 'orders' });
});

test('keeps what arrives before the sender is loaded', async () => {
  const { telemetry, post, lines, shutDown } = await newTelemetry();
  post(log('early'));
  telemetry.loadSender();
  await shutDown();
  expect(lines()[0]).toMatchObject({ message: 'early' });
});

test.each([
  ['ndjson', 2, 1],
  ['json', 3, 2],
  ['ndjson-gzip', 2, 1],
])('writes %s', async (format, records, ofEvents) => {
  const { telemetry, post, lines, entries, shutDown } = await newTelemetry({
    environment: { KINESIS_TELEMETRY_RECORD_FORMAT: format },
  });
  telemetry.loadSender();
  post(log('one'), log('two'));
  await shutDown();
  expect(lines().map(({ message, type }) => message ?? type)).toEqual(['one', 'two', 'extension.stats']);
  expect(entries()).toHaveLength(records);
  expect(records - ofEvents).toBe(1);
});

test('chooses partition keys by request where told so', async () => {
  const { telemetry, post, entries, shutDown } = await newTelemetry({
    environment: { KINESIS_TELEMETRY_PARTITION_KEY: 'request' },
  });
  telemetry.loadSender();
  post(log({ requestId: 'r-1' }), log({ requestId: 'r-2' }));
  await shutDown();
  expect(
    entries()
      .map(({ PartitionKey }) => PartitionKey)
      .slice(0, 2),
  ).toEqual(['r-1', 'r-2']);
});

test('counts a repeated POST once', async () => {
  const { telemetry, post, lines, shutDown } = await newTelemetry();
  telemetry.loadSender();
  post(log('one'));
  post(log('one'));
  await shutDown();
  expect(lines()).toHaveLength(2);
  expect(lines()[1]).toMatchObject({ received: 1, repeated_posts: 1 });
});

test('counts a refused body, whose number is missing in the stream', async () => {
  const { telemetry, post, lines, shutDown } = await newTelemetry();
  telemetry.loadSender();
  telemetry.refuseBody();
  post(log('one'));
  await shutDown();
  expect(lines()[0]).toMatchObject({ seq: 2 });
  expect(lines()[1]).toMatchObject({ received: 2, dropped_by_reason: { malformed: 1 } });
});

test('tells in the log what was lost when Kinesis refuses everything', async () => {
  const { telemetry, post, output, shutDown } = await newTelemetry({ refuse: true });
  telemetry.loadSender();
  post(log('one'), log('two'));
  await shutDown();
  expect(output.join('')).toContain('2 of 2 events were not delivered, by reason {"shutdown-deadline":2}');
});

test('writes the ledger once a minute among the telemetry', async () => {
  const { clock, telemetry, post, lines, shutDown } = await newTelemetry();
  telemetry.loadSender();
  for (const [index, ms] of [0, 59_999, 1, 59_999].entries()) {
    clock.jump(ms);
    post(log(`line ${index}`));
  }
  await shutDown();
  const stats = lines().filter(({ type }) => type === 'extension.stats');
  expect(stats.map(({ received, final }) => [received, final])).toEqual([
    [3, undefined],
    [4, true],
  ]);
});

describe('metrics of its own', () => {
  const EMF = { KINESIS_TELEMETRY_SELF_METRICS: 'emf', KINESIS_TELEMETRY_LOG_LEVEL: 'off' };

  test('are not written, nor is their file loaded, unless asked for', async () => {
    const { clock, post, output, shutDown, telemetry, selfMetricsLoads } = await newTelemetry();
    telemetry.loadSender();
    clock.jump(60_000);
    post(log('one'));
    await shutDown();
    expect(output).toEqual([]);
    expect(selfMetricsLoads()).toBe(0);
  });

  test('are written with every ledger, at any log level, and add up to the last one', async () => {
    const { clock, post, output, lines, shutDown, telemetry, selfMetricsLoads } = await newTelemetry({
      environment: EMF,
    });
    telemetry.loadSender();
    telemetry.refuseBody();
    for (const [index, ms] of [0, 59_999, 1, 59_999, 60_000].entries()) {
      clock.jump(ms);
      post(log(`line ${index}`), log('another'));
    }
    await shutDown();
    const ledgers = lines().filter(({ type }) => type === 'extension.stats');
    expect(output.map((line) => parseEmf(line).EventsReceived)).toEqual([7, 4, 0]);
    expect(output.map((line) => parseEmf(line).instance_id)).toEqual(ledgers.map((line) => line.instance_id));
    expect(parseEmf(output.at(-1) ?? '')).toMatchObject({ final: true, FunctionName: 'shop', StreamName: 'orders' });
    expect(sumsOf(output)).toMatchObject({ EventsReceived: 11, EventsDelivered: 10, EventsDropped: 1 });
    expect(ledgers.at(-1)).toMatchObject({ received: 11, delivered: 10, dropped: 1 });
    expect(selfMetricsLoads()).toBe(1);
  });

  test('tell what was lost when Kinesis refuses everything', async () => {
    const { post, output, shutDown, telemetry } = await newTelemetry({ environment: EMF, refuse: true });
    telemetry.loadSender();
    post(log('one'), log('two'));
    await shutDown();
    expect(output).toHaveLength(1);
    expect(parseEmf(output[0] ?? '')).toMatchObject({
      EventsReceived: 2,
      EventsDelivered: 0,
      EventsDropped: 2,
      CircuitBreakerOpenings: expect.any(Number),
      dropped_by_reason: { 'shutdown-deadline': 2 },
      last_error_code: 'AccessDeniedException',
    });
    expect(metricsOf(output[0] ?? '')).not.toHaveProperty('EventsHeld');
  });

  test('that come back as telemetry bring forth no more of them', async () => {
    const { clock, post, output, lines, shutDown, telemetry } = await newTelemetry({
      environment: { ...EMF, KINESIS_TELEMETRY_TYPES: 'extension' },
    });
    telemetry.loadSender();
    let returned = 0;
    for (let second = 0; second < 600; second += 1) {
      clock.jump(1_000);
      // Lambda hands over each line once; with the JSON log format as the object that it is
      for (const line of output.slice(returned)) post({ time: 't', type: 'extension', record: JSON.parse(line) });
      returned = output.length;
      if (second % 60 === 0) post({ time: 't', type: 'extension', record: 'of another extension' });
    }
    const written = output.length;
    expect(written).toBeGreaterThan(5);
    expect(written).toBeLessThanOrEqual(10);
    await shutDown();
    expect(lines().filter(({ record }) => (record as Line | undefined)?._aws !== undefined)).toHaveLength(written);
  });

  test('that cannot be loaded are told of, and nothing else suffers', async () => {
    const { post, output, lines, shutDown, telemetry } = await newTelemetry({
      environment: { KINESIS_TELEMETRY_SELF_METRICS: 'emf' },
      selfMetricsFail: true,
    });
    telemetry.loadSender();
    post(log('one'));
    await shutDown();
    expect(output).toEqual([expect.stringContaining('own metrics could not be written (no such file)')]);
    expect(lines().at(-1)).toMatchObject({ final: true, delivered: 1 });
  });
});

test('says so when the sender cannot be loaded, and goes on counting', async () => {
  const { clock, output } = await newTelemetry();
  const telemetry = createTelemetry({
    settings: parseSettings({ KINESIS_TELEMETRY_STREAM: 's' }).settings,
    environment: {},
    registration: { identifier: 'id', events: ['INVOKE', 'SHUTDOWN'] },
    quietMs: () => 1_000,
    stopListening: () => {},
    loadCompressorModule: () => ({ compressRecords }),
    loadSelfMetricsModule: () => ({ SelfMetrics }),
    clock,
    log: new Logger('warn', (line) => output.push(line)),
    loadSenderModule: () => {
      throw new Error('no such file');
    },
  });
  telemetry.loadSender();
  telemetry.accept(Buffer.from(JSON.stringify([log('one')])));
  await clock.until(telemetry.shutDown({ eventType: 'SHUTDOWN' }));
  expect(output).toEqual([
    expect.stringContaining('no such file'),
    expect.stringContaining('1 of 1 events were not delivered'),
  ]);
});

test('flushes by timer alone where invocations are not announced', async () => {
  const { telemetry } = await newTelemetry({ events: ['SHUTDOWN'] });
  expect(telemetry.flusher.onInvoke('r', 0)).toBe(false);
  const ordinary = await newTelemetry();
  expect(ordinary.telemetry.flusher.onInvoke('r', 0)).toBe(true);
});

test('marks the end of an invocation that runtimeDone tells', async () => {
  const { telemetry, post } = await newTelemetry();
  post({ time: 't', type: 'platform.runtimeDone', record: { requestId: 'r-1' } });
  expect(telemetry.ends.hasEnded('r-1')).toBe(true);
  expect(telemetry.bodies()).toBe(1);
});

test('slows its answers while its buffer is nearly full', async () => {
  const { telemetry, post } = await newTelemetry({ environment: { KINESIS_TELEMETRY_MAX_BUFFER_BYTES: '1048576' } });
  expect(telemetry.answerDelayMs()).toBe(0);
  for (let body = 0; body < 9; body += 1) post(log(`${body}${'x'.repeat(110_000)}`));
  expect(telemetry.answerDelayMs()).toBeGreaterThan(0);
});

test('does not slow its answers in SHUTDOWN, where what Lambda still holds would be lost uncounted', async () => {
  const { clock, telemetry, post } = await newTelemetry({
    environment: { KINESIS_TELEMETRY_MAX_BUFFER_BYTES: '1048576' },
  });
  for (let body = 0; body < 9; body += 1) post(log(`${body}${'x'.repeat(110_000)}`));
  const ended = telemetry.shutDown({ eventType: 'SHUTDOWN', deadlineMs: clock.now() + 2_000 });
  expect(telemetry.answerDelayMs()).toBe(0);
  await clock.until(ended);
});
