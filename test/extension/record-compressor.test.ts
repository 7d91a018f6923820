import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BufferedRecord } from '../../extension/src/record-buffer';
import { compressRecords } from '../../extension/src/record-compressor';
import { assertProperty } from './property';

const line = fc.oneof(
  fc.string({ maxLength: 100 }).map((text) => text.replace(/\n/g, ' ')),
  fc.uint8Array({ minLength: 50, maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('hex')),
);

const record: fc.Arbitrary<BufferedRecord> = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 40 }),
    fc.nat({ max: 2 }),
    fc.option(fc.string(), { nil: undefined }),
  )
  .map(([lines, others, requestId]) => ({
    data: Buffer.from(`${lines.join('\n')}\n`),
    events: Math.max(0, lines.length - others),
    requestId,
    openedAt: 5,
  }));

const countLines = (data: Buffer) => data.toString('latin1').split('\n').length - 1;

test('gzips all lines, within the limit unless a single line is longer, and keeps count of the events', () => {
  assertProperty(
    fc.property(fc.array(record, { maxLength: 4 }), fc.integer({ min: 40, max: 1_000 }), (records, maxBytes) => {
      const compressed = compressRecords(records, maxBytes);
      const all = Buffer.concat(records.map(({ data }) => data));
      if (compressed.length > 0) expect(gunzipSync(Buffer.concat(compressed.map(({ data }) => data)))).toEqual(all);
      for (const { data, compressed: isCompressed, events, openedAt } of compressed) {
        const lines = countLines(gunzipSync(data));
        if (lines > 1) expect(data.length).toBeLessThanOrEqual(maxBytes);
        expect(events).toBeGreaterThanOrEqual(0);
        expect(events).toBeLessThanOrEqual(lines);
        expect([isCompressed, openedAt]).toEqual([true, 5]);
      }
      const sum = (list: readonly BufferedRecord[]) => list.reduce((total, { events }) => total + events, 0);
      expect(sum(compressed)).toBe(sum(records));
    }),
    { numRuns: 150 },
  );
});

test('does not compress a record again that was given back', () => {
  const [once] = compressRecords([{ data: Buffer.from('a\n'), events: 1, openedAt: 0, requestId: 'r' }], 100);
  expect(once).toMatchObject({ requestId: 'r', compressed: true });
  expect(compressRecords([once as BufferedRecord], 1)).toEqual([once]);
});

test('leaves records whole that fit after compression', () => {
  const data = Buffer.from('the same line\n'.repeat(5_000));
  expect(compressRecords([{ data, events: 5_000, openedAt: 0 }], 25_000)).toHaveLength(1);
});
