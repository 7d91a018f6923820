import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_BATCH_LIMITS } from '../../extension/src/batcher';
import { type BufferedRecord, RecordBuffer, type RecordBufferLimits, sizeOf } from '../../extension/src/record-buffer';
import { assertProperty } from './property';

const PACK_BYTES = 24_936;
const LIMITS: RecordBufferLimits = {
  maxBufferBytes: 1_048_576,
  packBytes: PACK_BYTES,
  packLines: 500,
  separateRequests: false,
};

function newBuffer(limits: Partial<RecordBufferLimits> = {}) {
  const evicted: BufferedRecord[] = [];
  // A copy, since the memory of an evicted record serves the next one.
  const keep = (record: BufferedRecord) => evicted.push({ ...record, data: Buffer.from(record.data) });
  const buffer = new RecordBuffer({ ...LIMITS, ...limits }, keep);
  let seq = 0;
  /** Adds one line of `bytes` bytes that starts with its number; returns whether there was room. */
  const add = (bytes: number, line: { requestId?: string; now?: number; isEvent?: boolean } = {}): boolean => {
    const { requestId, now = 0, isEvent = true } = line;
    seq += 1;
    const span = buffer.reserve(bytes, { seq: isEvent ? seq : undefined, requestId, now });
    span?.target.fill('.', span.at, span.at + bytes).write(String(seq).slice(0, bytes - 1), span.at);
    span?.target.write('\n', span.at + bytes - 1);
    return span !== undefined;
  };
  return { buffer, evicted, add };
}

const everything = (buffer: RecordBuffer) =>
  buffer.take({ maxRecords: 1_000_000, maxBytes: Number.MAX_SAFE_INTEGER }, true);
const lines = (record: BufferedRecord) =>
  record.data
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => Number.parseInt(line, 10));

test('packs lines up to 24,936 bytes and 500 lines, in order, and none is lost', () => {
  assertProperty(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 8, max: 80 }), fc.integer({ min: 8, max: 30_000 }))), (sizes) => {
      const { buffer, add } = newBuffer({ maxBufferBytes: 100_000_000 });
      for (const size of sizes) expect(add(size)).toBe(true);
      const records = everything(buffer);
      expect(records.flatMap(lines)).toEqual(sizes.map((_, index) => index + 1));
      let first = 0;
      for (const record of records) {
        const packed = sizes.slice(first, first + record.events);
        first += record.events;
        expect(record.data.length).toBe(packed.reduce((sum, size) => sum + size, 0));
        if (record.data.length > PACK_BYTES) expect(packed).toHaveLength(1);
        expect(packed.length).toBeLessThanOrEqual(500);
        // Closed only because the next line did not fit.
        const next = sizes[first];
        if (next !== undefined && packed.length < 500) expect(record.data.length + next).toBeGreaterThan(PACK_BYTES);
      }
    }),
  );
});

test('closes a pack at 500 lines', () => {
  const { buffer, add } = newBuffer();
  for (let line = 0; line < 1_001; line += 1) add(10);
  expect(everything(buffer).map((record) => record.events)).toEqual([500, 500, 1]);
});

test('gives each line a record of its own where packs hold one line', () => {
  const { buffer, add } = newBuffer({ packLines: 1 });
  for (const size of [10, 40_000, 20]) add(size);
  expect(everything(buffer).map(({ data, events }) => [data.length, events])).toEqual([
    [10, 1],
    [40_000, 1],
    [20, 1],
  ]);
});

test('lets a line that is larger than a pack travel alone', () => {
  const { buffer, add } = newBuffer();
  for (const size of [100, PACK_BYTES + 1, 100, 100]) add(size);
  expect(everything(buffer).map(lines)).toEqual([[1], [2], [3, 4]]);
});

test('counts lines that are no event of Lambda apart', () => {
  const { buffer, add } = newBuffer();
  add(10);
  add(10, { isEvent: false });
  expect(everything(buffer)).toMatchObject([{ events: 1, data: { length: 20 } }]);
});

test('keeps one request a record where requests are separate, and names it', () => {
  assertProperty(
    fc.property(fc.array(fc.constantFrom('a', 'b', undefined), { maxLength: 30 }), (requests) => {
      const { buffer, add } = newBuffer({ separateRequests: true });
      for (const requestId of requests) add(10, { requestId });
      const records = everything(buffer);
      expect(records.flatMap(({ requestId, events }) => Array(events).fill(requestId))).toEqual(requests);
      for (const [index, record] of records.entries())
        expect(record.requestId).not.toBe(records[index + 1]?.requestId ?? null);
    }),
  );
});

test('mixes requests in a record, unnamed, where they are not separate', () => {
  const { buffer, add } = newBuffer();
  for (const requestId of ['a', 'b']) add(10, { requestId });
  expect(everything(buffer)).toMatchObject([{ events: 2, requestId: undefined }]);
});

test('leaves the open record alone unless it is asked for', () => {
  const { buffer, add } = newBuffer();
  add(20_000);
  add(20_000);
  expect(buffer.take(DEFAULT_BATCH_LIMITS, false).map(lines)).toEqual([[1]]);
  expect(buffer).toMatchObject({ sendableRecords: 1, sendableBytes: 20_000, heldBytes: 40_000 });
});

test('tells the age of what has waited longest', () => {
  const { buffer, add } = newBuffer();
  expect(buffer.oldestAt).toBeUndefined();
  add(20_000, { now: 5 });
  add(20_000, { now: 9 });
  expect(buffer.oldestAt).toBe(5);
  const taken = buffer.take(DEFAULT_BATCH_LIMITS, false);
  expect(buffer.oldestAt).toBe(9);
  buffer.giveBack(taken);
  expect(buffer.oldestAt).toBe(5);
  buffer.discard();
  expect(buffer).toMatchObject({ oldestAt: undefined, heldBytes: 0, sendableRecords: 0 });
});

test('does not hold the allocation of a pack for the few bytes of a small record', () => {
  const { buffer, add } = newBuffer();
  add(100);
  expect(everything(buffer)[0]?.data.buffer.byteLength).toBeLessThan(PACK_BYTES);
});

test('never writes into the memory of a record that is still held', () => {
  const { buffer, add } = newBuffer({ maxBufferBytes: 3_000, packBytes: 500 });
  const inFlight: { records: BufferedRecord[]; copy: Buffer[] }[] = [];
  for (let round = 0; round < 200; round += 1) {
    for (let line = 0; line < 3; line += 1) add(50 + ((round * 37 + line * 101) % 400));
    const records = buffer.take({ maxRecords: 2, maxBytes: 1_000 }, round % 3 === 0);
    inFlight.push({ records, copy: records.map(({ data }) => Buffer.from(data)) });
    for (const { records: held, copy } of inFlight) expect(held.map(({ data }) => data)).toEqual(copy);
    if (inFlight.length < 3) continue;
    const [oldest] = inFlight.splice(round % 2, 1);
    if (round % 5 === 0) buffer.giveBack(oldest?.records ?? []);
    else buffer.release(oldest?.records ?? []);
  }
});

type Step =
  | { do: 'add'; bytes: number }
  | { do: 'take'; records: number; open: boolean }
  | { do: 'back' | 'release'; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), bytes: fc.integer({ min: 8, max: 2_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      records: fc.integer({ min: 1, max: 5 }),
      open: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('back' as const, 'release' as const), which: fc.nat() }) },
);

test('keeps to its budget and its books under any sequence of calls', () => {
  const settings = fc.record({
    maxBufferBytes: fc.integer({ min: 1_000, max: 8_000 }),
    packBytes: fc.integer({ min: 100, max: 1_000 }),
    packLines: fc.integer({ min: 1, max: 6 }),
  });
  assertProperty(
    fc.property(settings, fc.array(step, { maxLength: 80 }), (limits, steps) => {
      const { buffer, evicted, add } = newBuffer(limits);
      const inFlight: BufferedRecord[][] = [];
      let added = 0;
      let released = 0;
      const count = (records: readonly BufferedRecord[]) => records.reduce((sum, { events }) => sum + events, 0);
      for (const next of steps) {
        if (next.do === 'add') {
          const [evictedBefore, heldBefore] = [evicted.length, buffer.heldBytes];
          const isAdded = add(next.bytes);
          if (isAdded) added += 1;
          if (!isAdded || evicted.length > evictedBefore) {
            expect(heldBefore + next.bytes).toBeGreaterThan(limits.maxBufferBytes);
          }
          if (!isAdded) expect(evicted).toHaveLength(evictedBefore); // nothing goes in vain
        } else if (next.do === 'take') {
          const taken = buffer.take({ maxRecords: next.records, maxBytes: 3_000 }, next.open);
          if (taken.length > 0) inFlight.push(taken);
        } else if (inFlight.length > 0) {
          const [records] = inFlight.splice(next.which % inFlight.length, 1) as [BufferedRecord[]];
          if (next.do === 'back') buffer.giveBack(records);
          else buffer.release(records);
          if (next.do === 'release') released += count(records);
        }
        const flying = inFlight.reduce((sum, records) => sum + sizeOf(records), 0);
        expect(buffer.heldBytes).toBeLessThanOrEqual(limits.maxBufferBytes);
        expect(buffer.heldBytes).toBe(buffer.sendableBytes + flying);
      }
      const flyingEvents = inFlight.reduce((sum, records) => sum + count(records), 0);
      const bytes = buffer.sendableBytes;
      const rest = everything(buffer);
      expect(sizeOf(rest)).toBe(bytes);
      expect(count(rest) + flyingEvents + released + count(evicted)).toBe(added);
    }),
    { numRuns: 500 },
  );
});

test('evicts the oldest first, and never what is in flight', () => {
  assertProperty(
    fc.property(
      fc.array(fc.integer({ min: 10, max: 900 }), { minLength: 10, maxLength: 60 }),
      fc.nat({ max: 4 }),
      (sizes, takeAt) => {
        const { buffer, evicted, add } = newBuffer({ maxBufferBytes: 3_000, packBytes: 500 });
        let taken: BufferedRecord[] = [];
        for (const [index, size] of sizes.entries()) {
          if (index === takeAt) taken = buffer.take({ maxRecords: 1, maxBytes: 3_000 }, false);
          expect(add(size)).toBe(true);
        }
        const flying = taken.flatMap(lines);
        const left = everything(buffer).flatMap(lines);
        // Every line is in one place, and those evicted are older than those that are left.
        expect([...evicted.flatMap(lines), ...left]).toEqual(
          sizes.map((_, i) => i + 1).filter((n) => !flying.includes(n)),
        );
      },
    ),
  );
});

test('refuses a line when what fills the budget is in flight', () => {
  const { buffer, evicted, add } = newBuffer({ maxBufferBytes: 1_000, packBytes: 500 });
  add(400);
  add(400);
  const taken = everything(buffer);
  expect(add(300)).toBe(false);
  expect(evicted).toEqual([]);
  buffer.release(taken);
  expect(add(300)).toBe(true);
  expect(buffer.heldBytes).toBe(300);
});

test('follows the size of records in flight when they are compressed', () => {
  const { buffer, add } = newBuffer();
  add(1_000);
  const [record] = everything(buffer) as [BufferedRecord];
  const compressed = { ...record, data: record.data.subarray(0, 100) };
  buffer.resize(-900);
  expect(buffer.heldBytes).toBe(100);
  buffer.giveBack([compressed]);
  expect(buffer).toMatchObject({ heldBytes: 100, sendableBytes: 100 });
});
