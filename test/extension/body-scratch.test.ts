import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BodyScratch } from '../../extension/src/body-scratch';
import { assertProperty } from './property';

test('gathers any pieces into the body they make, one body after the other, whatever was expected', () => {
  const scratch = new BodyScratch();
  const piece = fc.tuple(
    fc.uint8Array({ maxLength: 40_000 }).map((bytes) => Buffer.from(bytes)),
    fc.nat(),
    fc.nat(),
  );
  assertProperty(
    fc.property(
      fc.array(piece, { maxLength: 6 }),
      fc.option(fc.nat(100_000), { nil: undefined }),
      (pieces, expected) => {
        scratch.begin(expected);
        const parts = pieces.map(([bytes, one, other]) => {
          const ends = [one % (bytes.length + 1), other % (bytes.length + 1)].sort((a, b) => a - b) as [number, number];
          scratch.append(bytes, ...ends);
          return bytes.subarray(...ends);
        });
        expect(scratch.body.equals(Buffer.concat(parts))).toBe(true);
      },
    ),
  );
});

test('uses its memory again, and takes more only for a larger body', () => {
  const scratch = new BodyScratch();
  const gather = (bytes: number, expected?: number) => {
    scratch.begin(expected);
    scratch.append(Buffer.alloc(bytes), 0, bytes);
    return scratch.body.buffer;
  };
  const first = gather(2);
  expect(gather(60_000)).toBe(first);
  const larger = gather(70_000, 70_000);
  expect(larger).not.toBe(first);
  expect(larger.byteLength).toBe(131_072);
  expect(gather(131_072)).toBe(larger);
});
