import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BodyScratch } from '../../extension/src/body-scratch';
import { assertProperty } from './property';

test('joins any chunks into the body they make, one body after the other', () => {
  const scratch = new BodyScratch();
  const chunk = fc.uint8Array({ maxLength: 40_000 }).map((bytes) => Buffer.from(bytes));
  assertProperty(
    fc.property(fc.array(chunk, { maxLength: 6 }), (chunks) => {
      const whole = Buffer.concat(chunks);
      expect(scratch.join(chunks, whole.length).equals(whole)).toBe(true);
    }),
  );
});

test('uses its memory again', () => {
  const scratch = new BodyScratch();
  const [first, second] = ['ab', 'cd'].map((text) => scratch.join([...text].map(Buffer.from), 2));
  expect(second?.buffer).toBe(first?.buffer);
});
