import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ExecutionEnvironment,
  type KinesisFake,
  type StoredRecord,
  type TelemetryEvent,
  until,
} from '../../sandbox/src';
import { DEFAULT_DESTINATION } from '../../sandbox/src/archive/archive-writer';
import { RecordFormat } from '../../src';
import { decodeRecord, type TelemetryLine } from '../../src/decoder';
import { archived, cleanUp, startFunction, startKinesis, synthesized } from './archived';

// biome-ignore lint/suspicious/noExplicitAny: the platform's records, by type
type Metrics = Record<string, any>;

const DROPPED = { droppedRecords: 7, droppedBytes: 700, reason: 'the listener was slow' };
const NOISY = { TEXT: 'ERROR: no such order', JSON: '{"level":"ERROR","msg":"no such invoice"}' };

let kinesis: KinesisFake;
/** `orders` logs text and ends well; `billing` logs JSON, is killed by a timeout and crashes. */
let orders: ExecutionEnvironment;
let billing: ExecutionEnvironment;
let records: StoredRecord[];
let lines: TelemetryLine[];
let ask: Awaited<ReturnType<typeof archived>>;

beforeAll(async () => {
  kinesis = await startKinesis();
  orders = await startFunction(kinesis, { functionName: 'orders', logFormat: 'Text', memorySizeMb: 2_048 });
  for (let index = 0; index < 3; index += 1) await orders.invoke({ lines: [`order ${index}`] });
  // stored, but the answer is lost: the extension has to send again, and the stream has the records twice
  let lost = 0;
  kinesis.behave(({ operation }) =>
    operation === 'PutRecords' && lost++ === 0 ? { acceptThenReset: true } : undefined,
  );
  await orders.invoke({ raw: [NOISY.TEXT] });
  orders.emitTelemetry('platform.logsDropped', DROPPED);
  await orders.invoke({ workMs: 50 });
  await orders.shutdown();

  billing = await startFunction(kinesis, {
    functionName: 'billing',
    functionVersion: '3',
    logFormat: 'JSON',
    memorySizeMb: 512,
    variables: { KINESIS_TELEMETRY_TAGS: '{"team":"money"}' },
  });
  await billing.invoke({ raw: [NOISY.JSON] });
  await billing.invoke({ workMs: 5_000 }, { timeoutMs: 400 });
  await billing.invoke({ exit: 3 });
  await billing.invoke({ lines: ['back again'] });
  await billing.shutdown();

  records = kinesis.records();
  lines = decodeRecord(Buffer.concat(records.map(({ data }) => data)), { mode: 'strict' }).lines;
  ask = await archived(records);
}, 60_000);

afterAll(cleanUp);

function reports(environment: ExecutionEnvironment): { status: string; errorType?: string; metrics: Metrics }[] {
  return environment.produced.filter(({ type }) => type === 'platform.report').map(({ record }) => record as never);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function inits(environment: ExecutionEnvironment): number[] {
  return reports(environment).flatMap(({ metrics }) => metrics.initDurationMs ?? []);
}

test('the sandbox has delivered everything, some of it twice: what the answers are compared with', () => {
  const distinct = new Set(lines.flatMap(({ instance_id, seq }) => (seq === undefined ? [] : `${instance_id}/${seq}`)));
  expect(distinct.size).toBe(orders.produced.length + billing.produced.length);
  expect(lines.filter(({ seq }) => seq !== undefined).length).toBeGreaterThan(distinct.size);
});

test('every query has its answer compared here', async () => {
  const { readFileSync } = await import('node:fs');
  const asked = new Set(
    [...readFileSync(__filename, 'utf8').matchAll(/(?:ask|answer)\('([a-z-]+)'\)/g)].map(([, name]) => name),
  );
  expect([...synthesized().queries.keys()].filter((name) => !asked.has(name))).toEqual([]);
});

test('the archive writer of the sandbox uses the rules of the construct', () => {
  expect(synthesized().destination).toEqual(DEFAULT_DESTINATION);
});

describe('functions', () => {
  test('cold-starts counts the reports with an init', async () => {
    const rows = await ask('cold-starts');
    for (const [name, environment] of Object.entries({ orders, billing })) {
      expect(rows).toContainEqual(
        expect.objectContaining({
          function_name: name,
          invocations: reports(environment).length,
          cold_starts: inits(environment).length,
          init_max_ms: inits(environment).length === 0 ? null : Math.max(...inits(environment)),
        }),
      );
    }
    expect(rows).toHaveLength(2);
    expect(sum(rows.map(({ cold_starts }) => cold_starts as number))).toBeGreaterThan(0);
  });

  test('duration-by-hour has the invocations and their longest', async () => {
    const rows = await ask('duration-by-hour');
    const own = rows.filter(({ function_name }) => function_name === 'orders');
    const durations = reports(orders).map(({ metrics }) => metrics.durationMs);
    expect(sum(own.map(({ invocations }) => invocations as number))).toBe(durations.length);
    expect(Math.max(...own.map(({ max_ms }) => max_ms as number))).toBe(Math.max(...durations));
    expect(own[0]?.p50_ms).toBeGreaterThanOrEqual(Math.min(...durations));
    expect(own[0]?.p50_ms).toBeLessThanOrEqual(Math.max(...durations));
  });

  test('cost-by-function multiplies what was billed', async () => {
    const billed = sum(reports(orders).map(({ metrics }) => metrics.billedDurationMs));
    const gbSeconds = (billed / 1_000) * 2;
    const row = (await ask('cost-by-function')).find(({ function_name }) => function_name === 'orders');
    expect(row?.gb_seconds).toBeCloseTo(gbSeconds, 5);
    expect(row?.dollars).toBeCloseTo(gbSeconds * 1.66667e-5 + reports(orders).length * 2e-7, 5);
  });

  test('memory-over-provisioned names those that use little', async () => {
    const rows = await ask('memory-over-provisioned');
    const most = Math.max(...reports(orders).map(({ metrics }) => metrics.maxMemoryUsedMB));
    expect(most).toBeLessThan(0.6 * 2_048);
    expect(rows).toContainEqual({
      function_name: 'orders',
      memory_size_mb: 2_048,
      max_memory_used_mb: most,
      used_percent: Math.round((1_000 * most) / 2_048) / 10,
      invocations: reports(orders).length,
    });
  });

  test('errors-and-timeouts counts each failure once', async () => {
    const failed = reports(billing).filter(({ status }) => status !== 'success');
    expect(failed.map(({ status }) => status).sort()).toEqual(['error', 'timeout']);
    const rows = await ask('errors-and-timeouts');
    expect(
      rows
        .map(({ function_name, status, error_type, failures }) => [function_name, status, error_type, failures])
        .sort(),
    ).toEqual(failed.map(({ status, errorType }) => ['billing', status, errorType ?? null, 1]).sort());
  });

  test('slowest-requests begins with the time-out', async () => {
    const rows = await ask('slowest-requests');
    expect(rows[0]).toMatchObject({ function_name: 'billing', status: 'timeout' });
    expect(rows).toHaveLength(reports(orders).length + reports(billing).length);
  });
});

describe('logs', () => {
  test('error-log-lines finds them in text and in JSON', async () => {
    const rows = await ask('error-log-lines');
    expect(rows.map(({ function_name, line }) => [function_name, line])).toEqual(
      expect.arrayContaining([
        ['billing', NOISY.JSON],
        ['orders', NOISY.TEXT],
      ]),
    );
    expect(rows.filter(({ line }) => `${line}`.includes('order 0'))).toEqual([]);
  });

  test('logs-dropped adds up what Lambda says it dropped', async () => {
    expect(await ask('logs-dropped')).toMatchObject([
      {
        function_name: 'orders',
        dropped_records: DROPPED.droppedRecords,
        dropped_bytes: DROPPED.droppedBytes,
        reason: DROPPED.reason,
      },
    ]);
  });

  test('daily-volume counts the events of each type once', async () => {
    const count = (events: readonly TelemetryEvent[], type: string) =>
      events.filter((event) => event.type === type).length;
    const rows = await ask('daily-volume');
    const counted = (name: string, type: string) =>
      sum(rows.filter((row) => row.function_name === name && row.type === type).map(({ events }) => events as number));
    for (const type of new Set([...orders.produced, ...billing.produced].map((event) => event.type))) {
      expect([type, counted('orders', type)]).toEqual([type, count(orders.produced, type)]);
      expect([type, counted('billing', type)]).toEqual([type, count(billing.produced, type)]);
    }
  });
});

describe('delivery', () => {
  test('extension-overhead compares report and runtimeDone of each invocation', async () => {
    const done = new Map(
      orders.produced
        .filter(({ type }) => type === 'platform.runtimeDone')
        .map(({ record }) => record as { requestId: string; metrics: Metrics })
        .map(({ requestId, metrics }) => [requestId, metrics.durationMs as number]),
    );
    const overheads = orders.produced
      .filter(({ type }) => type === 'platform.report')
      .map(({ record }) => record as { requestId: string; metrics: Metrics })
      .map(({ requestId, metrics }) => metrics.durationMs - (done.get(requestId) as number));
    const row = (await ask('extension-overhead')).find(({ function_name }) => function_name === 'orders');
    expect(row?.invocations).toBe(overheads.length);
    expect(row?.max_ms).toBeCloseTo(Math.max(...overheads), 6);
  });

  test('extension-health adds up the last ledger of each instance', async () => {
    const instances = new Set(
      lines.filter((line) => line.function_name === 'billing').map(({ instance_id }) => instance_id),
    );
    const rows = await ask('extension-health');
    expect(rows.find(({ function_name }) => function_name === 'orders')).toMatchObject({
      instances: 1,
      closed_instances: 1,
      received: orders.produced.length,
      delivered: orders.produced.length,
      dropped: 0,
    });
    expect(rows.find(({ function_name }) => function_name === 'billing')).toMatchObject({
      instances: instances.size,
      received: billing.produced.length,
    });
  });

  test('gaps finds none', async () => {
    expect(await ask('gaps')).toEqual([]);
  });

  test('delivery-by-instance finds every instance complete and closed', async () => {
    const rows = await ask('delivery-by-instance');
    expect(rows).toHaveLength(new Set(lines.map(({ instance_id }) => instance_id)).size);
    for (const row of rows) expect(row).toMatchObject({ missing: 0, dropped: 0, closed: true, verdict: 'complete' });
  });

  test('duplicates counts what the stream has twice', async () => {
    const numbered = lines.filter(({ seq }) => seq !== undefined);
    const total = orders.produced.length + billing.produced.length;
    const rows = await ask('duplicates');
    expect(sum(rows.map(({ events }) => events as number))).toBe(total);
    expect(sum(rows.map(({ duplicates }) => duplicates as number))).toBe(numbered.length - total);
    expect(rows.find(({ function_name }) => function_name === 'billing')).toMatchObject({ duplicates: 0 });
  });
});

describe('when something is lost', () => {
  test('gaps names exactly the missing numbers, in the middle and at the end, and the verdict is lost', async () => {
    const own = lines.filter(({ function_name }) => function_name === 'orders');
    const instance = own[0]?.instance_id;
    const last = orders.produced.length;
    const missing = [3, 4, last];
    const kept = own.filter(({ seq }) => seq === undefined || !missing.includes(seq));
    const data = Buffer.from(kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const answer = await archived([{ data, arrivedAt: Date.now() }]);
    expect(
      (await answer('gaps')).map(({ instance_id, missing_from, missing_to }) => [
        instance_id,
        missing_from,
        missing_to,
      ]),
    ).toEqual([
      [instance, 3, 4],
      [instance, last, last],
    ]);
    expect(await answer('delivery-by-instance')).toMatchObject([
      { missing: 3, dropped: 0, closed: true, verdict: 'lost' },
    ]);
  });

  test('what the extension has dropped and said so is a gap with the verdict dropped', async () => {
    const fake = await startKinesis();
    fake.behave(({ operation }) =>
      operation === 'PutRecords'
        ? { failRecord: (record) => (record.data.includes('refused') ? 'InvalidArgumentException' : undefined) }
        : undefined,
    );
    const environment = await startFunction(fake, {
      functionName: 'unlucky',
      variables: { KINESIS_TELEMETRY_RECORD_FORMAT: 'json' },
    });
    await environment.invoke({ lines: ['fine', 'refused', 'fine again'] });
    await environment.shutdown();
    await until(() => fake.lines().some(({ final }) => final === true), 'the final ledger is there');
    const answer = await archived(fake.records());
    const seq = environment.produced.findIndex(({ record }) => `${record}`.includes('refused')) + 1;
    expect(await answer('gaps')).toMatchObject([
      { function_name: 'unlucky', missing_from: seq, missing_to: seq, missing: 1 },
    ]);
    expect(await answer('delivery-by-instance')).toMatchObject([{ missing: 1, dropped: 1, verdict: 'dropped' }]);
  });
});

describe('other layouts', () => {
  test('records that are gzip already lie side by side in a valid object', async () => {
    const compressed = records.map(({ data, arrivedAt }) => ({ data: gzipSync(data), arrivedAt }));
    const made = synthesized({ recordFormat: RecordFormat.NDJSON_GZIP });
    expect(made.destination.compressionFormat).toBe('UNCOMPRESSED');
    const answer = await archived(compressed, made);
    expect(await answer('daily-volume')).toEqual(await ask('daily-volume'));
  });

  test('a line that is no JSON disturbs no query', async () => {
    const bad = { data: Buffer.from('{"v":1,"seq":\n'), arrivedAt: Date.now() };
    const answer = await archived([...records, bad]);
    for (const name of synthesized().queries.keys())
      expect([name, await answer(name)]).toEqual([name, await ask(name)]);
  });
});
