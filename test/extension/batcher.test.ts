import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchLength, DEFAULT_BATCH_LIMITS, PARTITION_KEY_BYTES } from '../../extension/src/batcher';
import { assertProperty } from './property';

const records = (sizes: readonly number[]) => sizes.map((size) => ({ data: Buffer.alloc(size) }));

test('takes as many records as fit a call, counting their partition keys, and at least one', () => {
  const limits = fc.record({
    maxRecords: fc.integer({ min: 1, max: 8 }),
    maxBytes: fc.integer({ min: 1, max: 2_000 }),
  });
  assertProperty(
    fc.property(fc.array(fc.nat({ max: 700 }), { maxLength: 12 }), limits, (sizes, { maxRecords, maxBytes }) => {
      const count = batchLength(records(sizes), { maxRecords, maxBytes });
      const bytes = (first: number) => sizes.slice(0, first).reduce((sum, size) => sum + size + PARTITION_KEY_BYTES, 0);
      expect(count).toBeGreaterThanOrEqual(Math.min(1, sizes.length));
      expect(count).toBeLessThanOrEqual(Math.min(maxRecords, sizes.length));
      if (count > 1) expect(bytes(count)).toBeLessThanOrEqual(maxBytes);
      if (count < Math.min(maxRecords, sizes.length)) expect(bytes(count + 1)).toBeGreaterThan(maxBytes);
    }),
    { numRuns: 1_000 },
  );
});

test('keeps to 500 records and 1 MiB by default', () => {
  expect(batchLength(records(Array(600).fill(1)), DEFAULT_BATCH_LIMITS)).toBe(500);
  expect(batchLength(records(Array(60).fill(25_000)), DEFAULT_BATCH_LIMITS)).toBe(Math.floor(1_048_576 / 25_064));
  expect(batchLength(records([2_000_000, 1]), DEFAULT_BATCH_LIMITS)).toBe(1);
  expect(batchLength([], DEFAULT_BATCH_LIMITS)).toBe(0);
});
