import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { newInstanceId } from '../../extension/src/identity';
import { assertProperty } from './property';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('has the shape of a UUID version 7 that starts with its time', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  assertProperty(
    fc.property(fc.nat({ max: 2 ** 48 - 1 }), fc.infiniteStream(random), (now, numbers) => {
      const id = newInstanceId(now, () => numbers.next().value as number);
      expect(id).toMatch(UUID_7);
      expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now);
    }),
  );
});

test('differs between processes that start in the same millisecond', () => {
  expect(new Set(Array.from({ length: 1_000 }, () => newInstanceId(1_700_000_000_000))).size).toBe(1_000);
});
