import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PARTITION_KEY_BYTES } from '../../extension/src/batcher';
import { partitionKey } from '../../extension/src/partition-key';
import { assertProperty } from './property';

const INSTANCE = '018bcfe5-6800-7000-8000-000000000000';
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('draws a key from the random numbers, never empty and never longer than a batch allows for', () => {
  assertProperty(
    fc.property(unit, (random) => {
      const key = partitionKey('random', { requestId: 'r' }, INSTANCE, () => random);
      expect(key).toMatch(/^[0-9a-z]{1,64}$/);
    }),
  );
});

test('spreads random keys', () => {
  const keys = new Set(Array.from({ length: 1_000 }, () => partitionKey('random', {}, INSTANCE, Math.random)));
  expect(keys.size).toBeGreaterThan(990);
});

test('keeps an instance on its own id', () => {
  expect(partitionKey('instance', { requestId: 'r' }, INSTANCE, Math.random)).toBe(INSTANCE);
});

test.each([
  ['the request id', 'r-1', 'r-1'],
  ['its first 64 characters', 'x'.repeat(100), 'x'.repeat(PARTITION_KEY_BYTES)],
  ['the instance where there is no request', undefined, INSTANCE],
  ['the instance where the request id is empty', '', INSTANCE],
])('takes by request: %s', (_name, requestId, expected) => {
  expect(partitionKey('request', { requestId }, INSTANCE, Math.random)).toBe(expected);
});
