import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExecutionEnvironment, type KinesisFake, type StoredRecord, until } from '../../sandbox/src';
import { ArchiveFormat, RecordFormat, TelemetryLogLevel, type TelemetryTransformOptions } from '../../src';
import { parseSettings } from '../../transform/src/settings';
import { transformBatch } from '../../transform/src/transform-batch';
import { archived, cleanUp, startFunction, startKinesis, synthesized } from './archived';

let kinesis: KinesisFake;
let orders: ExecutionEnvironment;
let records: StoredRecord[];
let plain: Awaited<ReturnType<typeof archived>>;

beforeAll(async () => {
  kinesis = await startKinesis();
  orders = await startFunction(kinesis, { functionName: 'orders', logFormat: 'JSON', memorySizeMb: 512 });
  await orders.invoke({
    raw: ['{"level":"DEBUG","msg":"details"}', '{"level":"ERROR","ctx":{"order":12345678901234567890}}'],
  });
  await orders.invoke({ lines: ['an order'] });
  await orders.invoke({ workMs: 5_000 }, { timeoutMs: 400 });
  await orders.invoke({ lines: ['back again'] });
  await orders.shutdown();
  await until(() => kinesis.lines().some(({ final }) => final === true), 'the final ledger is there');
  records = kinesis.records();
  plain = await archived(records);
}, 60_000);

afterAll(cleanUp);

/** The archive of these records behind the transform that the construct has configured. */
async function archivedThrough(transform: TelemetryTransformOptions, recordFormat = RecordFormat.NDJSON) {
  const made = synthesized({ transform, recordFormat, format: ArchiveFormat.JSON_GZIP });
  const settings = parseSettings(made.transformSettings);
  const given = records.map(({ data }, index) => ({ recordId: `${index}`, data: data.toString('base64') }));
  const { answers, counts } = transformBatch({ records: given }, settings);
  expect(counts).toMatchObject({ failed: 0, untransformed: 0, foreign: 0 });
  const transformed = records.map((record, index) => ({
    ...record,
    data: Buffer.from(answers[index]?.data ?? '', 'base64'),
  }));
  return archived(transformed, made);
}

const QUERIES = [...synthesized().queries.keys()];

test('there is something to ask for', async () => {
  expect(await plain('error-log-lines')).not.toEqual([]);
  expect(await plain('errors-and-timeouts')).not.toEqual([]);
});

describe.each([
  ['text', RecordFormat.NDJSON],
  ['gzip members', RecordFormat.NDJSON_GZIP],
])('flattened and tagged, in an archive of %s', (_, recordFormat) => {
  test('every query has the answer that it has without', async () => {
    const ask = await archivedThrough({ tags: { env: 'test' } }, recordFormat);
    for (const name of QUERIES) expect([name, await ask(name)]).toEqual([name, await plain(name)]);
  });
});

describe('the columns of the transform', () => {
  test('hold level, attributes and tags', async () => {
    const ask = await archivedThrough({ tags: { env: 'test' } });
    const columns = "level, attributes['ctx.order'] AS attribute, tags['env'] AS env";
    expect(await ask.sql(`SELECT ${columns} FROM events WHERE level IN ('DEBUG', 'ERROR') ORDER BY level`)).toEqual([
      { level: 'DEBUG', attribute: null, env: 'test' },
      { level: 'ERROR', attribute: '12345678901234567890', env: 'test' },
    ]);
  });

  test('are empty without it', async () => {
    expect(await plain.sql('SELECT count(level) AS levels, count(attributes) AS attributes FROM events')).toEqual([
      { levels: 0, attributes: 0 },
    ]);
  });
});

describe('filtered', () => {
  test('nothing counts as missing, and the verdict is complete', async () => {
    const ask = await archivedThrough({
      includeTypes: ['function', 'platform.report'],
      minimumLevel: TelemetryLogLevel.INFO,
    });
    expect(await ask('gaps')).toEqual([]);
    const before = await plain('delivery-by-instance');
    const after = await ask('delivery-by-instance');
    expect(after).toHaveLength(before.length);
    for (const row of after) {
      const same = before.find(({ instance_id }) => instance_id === row.instance_id);
      expect(row).toMatchObject({ missing: 0, verdict: 'complete', closed: same?.closed });
      expect(same).toMatchObject({ filtered: 0 });
      expect(row.filtered).toBeGreaterThan(0);
      expect((row.events as number) + (row.filtered as number)).toBe(same?.events);
    }
  });

  test('the queries over what stays have the answers that they have without', async () => {
    const ask = await archivedThrough({
      includeTypes: ['function', 'platform.report'],
      minimumLevel: TelemetryLogLevel.INFO,
    });
    const untouched = QUERIES.filter(
      // these read what was filtered out, or count all there is
      (name) => !['extension-overhead', 'daily-volume', 'delivery-by-instance', 'duplicates'].includes(name),
    );
    for (const name of untouched) expect([name, await ask(name)]).toEqual([name, await plain(name)]);
  });

  test('the volume is that of what is there', async () => {
    const ask = await archivedThrough({ excludeTypes: ['platform'] });
    const volume = await ask('daily-volume');
    expect([...new Set(volume.map(({ type }) => type))]).toEqual(['function']);
    expect(volume).toEqual((await plain('daily-volume')).filter(({ type }) => type === 'function'));
  });

  test('what is lost for good is found all the same, at the edge of a run and within it', async () => {
    const lines = [
      { v: 1, type: 'transform.filtered', instance_id: 'i', seq: 1, through_seq: 3 },
      { v: 1, type: 'function', instance_id: 'i', seq: 5, message: 'm' },
      { v: 1, type: 'transform.filtered', instance_id: 'i', seq: 8, through_seq: 9 },
      // the filter was changed, and Firehose delivered once more
      { v: 1, type: 'transform.filtered', instance_id: 'i', seq: 9, through_seq: 9 },
      { v: 1, type: 'function', instance_id: 'i', seq: 8, message: 'm' },
      {
        v: 1,
        type: 'extension.stats',
        instance_id: 'i',
        final: true,
        received: 11,
        delivered: 11,
        dropped: 0,
        held: 0,
      },
    ];
    const data = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const answer = await archived([{ data, arrivedAt: Date.now() }]);
    const gaps = await answer('gaps');
    expect(gaps.map(({ missing_from, missing_to }) => [missing_from, missing_to])).toEqual([
      [4, 4],
      [6, 7],
      [10, 11],
    ]);
    expect(await answer('delivery-by-instance')).toMatchObject([
      { events: 2, filtered: 4, missing: 5, dropped: 0, verdict: 'lost' },
    ]);
  });
});
