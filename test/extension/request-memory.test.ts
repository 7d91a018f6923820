import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RequestMemory } from '../../extension/src/request-memory';
import { assertProperty } from './property';

test('gives the same memory again for bodies of a similar size', () => {
  const memory = new RequestMemory();
  const first = memory.take(1_400_000);
  memory.giveBack(first.subarray(0, 1_400_000));
  expect(memory.take(1_430_000).buffer).toBe(first.buffer);
});

test('never gives memory that is in use, and enough of it', () => {
  const step = fc.record({ bytes: fc.integer({ min: 0, max: 300_000 }), givesBack: fc.boolean() });
  assertProperty(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const memory = new RequestMemory();
      const inUse: Buffer[] = [];
      for (const { bytes, givesBack } of steps) {
        const taken = memory.take(bytes);
        expect(taken.length).toBeGreaterThanOrEqual(bytes);
        expect(inUse.some(({ buffer }) => buffer === taken.buffer)).toBe(false);
        inUse.push(taken);
        if (givesBack) memory.giveBack(inUse.shift() as Buffer);
      }
    }),
  );
});

test('keeps the memory of the four largest bodies and no more', () => {
  const memory = new RequestMemory();
  const taken = [100_000, 200_000, 300_000, 400_000, 500_000].map((bytes) => memory.take(bytes));
  for (const body of taken) memory.giveBack(body);
  const again = [1, 1, 1, 1, 1].map((bytes) => memory.take(bytes).buffer);
  expect(new Set(again.slice(0, 4))).toEqual(new Set(taken.slice(1).map(({ buffer }) => buffer)));
  expect(taken.map(({ buffer }) => buffer)).not.toContain(again[4]);
});
