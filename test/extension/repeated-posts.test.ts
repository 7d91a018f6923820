import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprint, RepeatedPosts } from '../../extension/src/repeated-posts';
import { assertProperty } from './property';

const BUFFER_MAX_BYTES = 262_144;
const BUFFER_MAX_ITEMS = 1_000;

/** A body of events with the same text, the first and the last at the given milliseconds. */
function body(text: string, events: number, firstMs: number, lastMs = firstMs): Buffer {
  const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();
  const list = Array.from({ length: events }, (_, index) => {
    const time = at(index === events - 1 ? lastMs : firstMs);
    return `{"time":"${time}","type":"function","record":"${text}"}`;
  });
  return Buffer.from(`[${list.join(',')}]`);
}

test('recognises a body that comes again', () => {
  const posts = new RepeatedPosts(BUFFER_MAX_BYTES, BUFFER_MAX_ITEMS);
  const [first, second] = [body('a', 3, 0, 5), body('b', 3, 10, 12)];
  expect([first, second, first, second].map((post) => posts.isRepeated(Buffer.from(post)))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('takes bodies that differ for different', () => {
  assertProperty(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.nat({ max: 1_000 }), fc.string()), { maxLength: 8, selector: (post) => post.join() }),
      (list) => {
        const posts = new RepeatedPosts(BUFFER_MAX_BYTES, BUFFER_MAX_ITEMS);
        const bodies = list.map(([ms, text]) => body(JSON.stringify(text).slice(1, -1), 1, ms));
        expect(bodies.map((post) => posts.isRepeated(post))).toEqual(bodies.map(() => false));
      },
    ),
  );
});

test('takes an equal body that was cut by size within one millisecond for a new one', () => {
  const posts = new RepeatedPosts(BUFFER_MAX_BYTES, BUFFER_MAX_ITEMS);
  const full = body('x'.repeat(100), 1_600, 0);
  expect(full.length).toBeGreaterThan(BUFFER_MAX_BYTES * 0.9);
  expect([full, full].map((post) => posts.isRepeated(post))).toEqual([false, false]);
});

test('takes an equal body that was cut by its number of events within one millisecond for a new one', () => {
  const posts = new RepeatedPosts(BUFFER_MAX_BYTES, BUFFER_MAX_ITEMS);
  const full = body('', 1_000, 0);
  expect(full.length).toBeLessThan(BUFFER_MAX_BYTES / 2);
  expect([full, full].map((post) => posts.isRepeated(post))).toEqual([false, false]);
});

test('takes it for repeated when our answer to it is known to have failed, once', () => {
  const posts = new RepeatedPosts(BUFFER_MAX_BYTES, BUFFER_MAX_ITEMS);
  const full = body('x'.repeat(100), 1_600, 0);
  expect(posts.isRepeated(full)).toBe(false);
  posts.answerFailed(fingerprint(full));
  expect([full, full].map((post) => posts.isRepeated(post))).toEqual([true, false]);
});

test('remembers the last eight bodies', () => {
  const posts = new RepeatedPosts(BUFFER_MAX_BYTES, BUFFER_MAX_ITEMS);
  const bodies = Array.from({ length: 9 }, (_, index) => body('a', 1, index));
  for (const post of bodies) posts.isRepeated(post);
  expect(posts.isRepeated(bodies[8] as Buffer)).toBe(true);
  expect(posts.isRepeated(bodies[0] as Buffer)).toBe(false);
});
