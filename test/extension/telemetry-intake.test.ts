import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_BATCH_LIMITS } from '../../extension/src/batcher';
import { Ledger } from '../../extension/src/ledger';
import { RecordBuffer } from '../../extension/src/record-buffer';
import { RecordEncoder } from '../../extension/src/record-encoder';
import { RequestAttribution } from '../../extension/src/request-attribution';
import { TelemetryIntake } from '../../extension/src/telemetry-intake';
import { jsonString, jsonText } from './json-text';
import { assertProperty } from './property';

const MAX_LINE_BYTES = 1_000;
const REQUEST = '79b4f56e-95b1-4643-9700-2807f4e68189';

function newIntake(options: { types?: string[]; maxBufferBytes?: number } = {}) {
  const { types = ['platform', 'function'], maxBufferBytes = 10_000_000 } = options;
  const ledger = new Ledger();
  const limits = { maxBufferBytes, packBytes: 25_000, packLines: 500, separateRequests: false };
  const buffer = new RecordBuffer(limits, (record) => ledger.drop('buffer-full', record.events));
  const ended: string[] = [];
  const newest: number[] = [];
  const intake = new TelemetryIntake({
    encoder: new RecordEncoder({ instanceId: 'i' }, {}, MAX_LINE_BYTES),
    ...{ buffer, ledger, types, attribution: new RequestAttribution(true), now: () => 0 },
    onInvocationEnd: (requestId, endedAt) => {
      ended.push(
        `${requestId} after ${buffer.sendableBytes > 0 ? 'lines' : 'nothing'}${endedAt ? ` at ${endedAt}` : ''}`,
      );
    },
    onReceived: (eventAt) => newest.push(eventAt),
  });
  const accept = (...events: unknown[]) => intake.accept(Buffer.from(JSON.stringify(events)));
  const texts = () => {
    const records = buffer.take({ ...DEFAULT_BATCH_LIMITS, maxBytes: 1e9 }, true);
    return records
      .map(({ data }) => data.toString())
      .join('')
      .split('\n')
      .slice(0, -1);
  };
  const lines = () => texts().map((line) => JSON.parse(line) as Record<string, unknown>);
  return { intake, accept, texts, lines, ledger, ended, newest };
}

const log = (record: unknown, type = 'function') => ({ time: 't', type, record });
const platform = (type: string, requestId?: string, more = {}) => log({ requestId, ...more }, `platform.${type}`);

test('numbers events without gaps, over all bodies', () => {
  const { accept, lines, ledger, intake } = newIntake();
  accept(log('a'), log('b'));
  accept();
  accept(log('c'));
  expect(lines().map(({ seq, message }) => [seq, message])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
  expect(ledger).toMatchObject({ received: 3, held: 3 });
  expect(intake.bodies).toBe(3);
});

test('gives a log line to its own request, else to the one around it', () => {
  const { accept, lines } = newIntake();
  accept(log('before'), platform('start', 'r-1'), log('plain'), log({ requestId: 'own', level: 'INFO' }));
  accept(
    log(`2026-01-01T00:00:00.000Z\t${REQUEST}\tINFO\ttext`),
    log({ requestId: 7 }),
    platform('report', 'r-1'),
    log('after'),
  );
  const requests = lines().map((line) => line.request_id);
  expect(requests).toEqual([undefined, 'r-1', 'r-1', 'own', REQUEST, 'r-1', 'r-1', undefined]);
});

test('does not believe in a request id that is longer than a partition key', () => {
  const { accept, lines } = newIntake();
  const fits = 'x'.repeat(64);
  accept(
    platform('start', 'r-1'),
    log({ requestId: fits }),
    log({ requestId: `${fits}x` }),
    log({ requestId: '\u{1f600}'.repeat(17) }),
  );
  expect(lines().map((line) => line.request_id)).toEqual(['r-1', fits, 'r-1', 'r-1']);
});

test('writes no line that is longer than allowed, whatever a function logs', () => {
  const record = fc.oneof(
    jsonText,
    fc.tuple(jsonString, fc.nat({ max: 400 })).map(([id, times]) => `{"requestId":"${id.slice(1, -1).repeat(times)}"}`),
  );
  assertProperty(
    fc.property(fc.array(record, { maxLength: 5 }), (records) => {
      const { intake, texts, ledger } = newIntake();
      intake.accept(Buffer.from(`[${records.map((text) => `{"type":"function","record":${text}}`).join(',')}]`));
      const raw = texts();
      for (const line of raw) expect(Buffer.byteLength(line) + 1).toBeLessThanOrEqual(MAX_LINE_BYTES);
      const written = raw.map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(written.map(({ seq }) => seq)).toEqual(records.map((_, index) => index + 1));
      expect(ledger.truncated).toBe(written.filter(({ truncated }) => truncated).length);
      expect(ledger.received).toBe(records.length);
    }),
    { numRuns: 200 },
  );
});

test('tells the end of an invocation after the whole body is taken', () => {
  const { accept, ended } = newIntake();
  accept(platform('runtimeDone', 'r-1'), log('late'));
  expect(ended).toEqual(['r-1 after lines']);
});

test('leaves out types that are not wanted, but for what it must know', () => {
  const { accept, lines, ended, ledger } = newIntake({ types: ['function'] });
  accept(
    platform('start', 'r-1'),
    log('a'),
    log('e', 'extension'),
    platform('logsDropped', undefined, { droppedRecords: 5 }),
  );
  accept(platform('runtimeDone', 'r-1'), log('new', 'some.new.type'));
  expect(lines().map(({ seq, message, request_id }) => [seq, message, request_id])).toEqual([
    [1, 'a', 'r-1'],
    [2, 'new', 'r-1'],
  ]);
  expect(ended).toEqual(['r-1 after lines']);
  expect(ledger).toMatchObject({ received: 2, droppedByLambda: 5 });
});

test('lets what cannot be read take a number, so that the gap shows', () => {
  const { intake, accept, lines, ledger } = newIntake();
  intake.accept(Buffer.from('[{"type":"function","record":"a"},{"type":bad},{"type":"function","record":"b"}]'));
  intake.lose('malformed');
  accept(log('c'));
  expect(lines().map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  expect(ledger.received).toBe(5);
  expect(ledger.droppedByReason).toEqual({ malformed: 2 });
});

test('counts what finds no room', () => {
  const { accept, lines, ledger } = newIntake({ maxBufferBytes: 30_000 });
  for (let event = 0; event < 500; event += 1) accept(log('x'.repeat(200)));
  expect(ledger.held).toBe(lines().length);
  expect(ledger.droppedByReason['buffer-full']).toBe(500 - ledger.held);
});

test('replaces bytes that are not UTF-8, so that every line can be read', () => {
  const { intake, lines } = newIntake();
  intake.accept(Buffer.concat([Buffer.from('[{"record":"a'), Buffer.from([0xff, 0xc3]), Buffer.from('b"}]')]));
  expect(lines()).toEqual([{ v: 1, instance_id: 'i', seq: 1, message: 'a\ufffd\ufffdb' }]);
});

test('never throws, whatever is posted', () => {
  assertProperty(
    fc.property(fc.uint8Array({ maxLength: 300 }), jsonText, (bytes, record) => {
      const { intake, ledger, lines } = newIntake();
      intake.accept(Buffer.from(bytes));
      intake.accept(Buffer.from(`[{"type":"platform.report","record":${record}}]`));
      expect(ledger.held).toBe(lines().length);
    }),
    { numRuns: 500 },
  );
});

test('tells when an invocation ended, and the time of the last event of each body', () => {
  const { accept, ended, newest } = newIntake();
  const done = { time: '2026-11-21T10:00:00.250Z', type: 'platform.runtimeDone', record: { requestId: REQUEST } };
  accept(done, { time: '2026-11-21T10:00:00.300Z', type: 'function', record: 'late' });
  accept({ type: 'function', record: 'without a time' });
  accept({ time: 'yesterday', type: 'function', record: 'without a readable one' });
  accept();
  const at = Date.parse(done.time);
  expect(ended).toEqual([`${REQUEST} after lines at ${at}`]);
  expect(newest).toEqual([at + 50, Number.NaN, Number.NaN, Number.NaN]);
});
