import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SequenceRanges } from '../../src/decoder/sequence-ranges';
import { assertProperty } from '../extension/property';

const range = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.nat(8)).map(([from, more]) => ({ from, to: from + more }));

function numbersOf({ from, to }: { from: number; to: number }): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('for every series of ranges', () => {
  test('the set has what was added, and tells what of it was new', () => {
    assertProperty(
      fc.property(fc.array(range, { maxLength: 30 }), range, (added, asked) => {
        const ranges = new SequenceRanges();
        const expected = new Set<number>();
        for (const { from, to } of added) {
          const fresh = numbersOf({ from, to }).filter((one) => !expected.has(one));
          expect(ranges.addRange(from, to)).toBe(fresh.length);
          for (const one of fresh) expected.add(one);
        }
        const sorted = [...expected].sort((a, b) => a - b);
        expect([ranges.size, ranges.first, ranges.last]).toEqual([expected.size, sorted[0], sorted.at(-1)]);
        expect(ranges.gaps(1, 50).flatMap(numbersOf)).toEqual(
          numbersOf({ from: 1, to: 50 }).filter((one) => !expected.has(one)),
        );
        expect(ranges.covers(asked.from, asked.to)).toBe(numbersOf(asked).every((one) => expected.has(one)));
        expect(ranges.count).toBe(sorted.filter((one) => !expected.has(one - 1)).length);
      }),
    );
  });

  test('the lowest gap that may be closed is closed, and no other', () => {
    assertProperty(
      fc.property(fc.array(range, { maxLength: 30 }), fc.integer({ min: 1, max: 50 }), (added, least) => {
        const ranges = new SequenceRanges();
        for (const { from, to } of added) ranges.addRange(from, to);
        const before = ranges.gaps(ranges.first ?? 1, ranges.last ?? 0);
        const closed = before.find(({ from }) => from >= least);
        expect(ranges.closeLowestGap(({ from }) => from >= least)).toEqual(closed);
        expect(ranges.gaps(ranges.first ?? 1, ranges.last ?? 0)).toEqual(before.filter((gap) => gap !== closed));
      }),
    );
  });
});
