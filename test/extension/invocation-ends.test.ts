import { expect, test } from 'vitest';
import { InvocationEnds } from '../../extension/src/invocation-ends';
import { settled } from './fake-clock';

/** Whether the promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await settled();
  return done;
}

test('tells at once that an invocation has ended', async () => {
  const ends = new InvocationEnds();
  ends.markEnded('a', 5);
  expect(ends.hasEnded('a')).toBe(true);
  expect(await ends.whenEnded('a', 0, 500)).toBe(5);
});

test('waits for the end of the asked invocation and no other', async () => {
  const ends = new InvocationEnds();
  const ended = ends.whenEnded('b', 0, 500);
  ends.markEnded('a', 5);
  expect(await isSettled(ended)).toBe(false);
  ends.markEnded('b', 5);
  expect(await isSettled(ended)).toBe(true);
});

test('forgets a wait when a new one begins', async () => {
  const ends = new InvocationEnds();
  const first = ends.whenEnded('a', 0, 500);
  const second = ends.whenEnded('b', 0, 500);
  ends.markEnded('b', 5);
  ends.markEnded('a', 5);
  expect([await isSettled(first), await isSettled(second)]).toEqual([false, true]);
});

test('remembers the last 32 ends', () => {
  const ends = new InvocationEnds();
  for (let id = 0; id < 33; id += 1) ends.markEnded(String(id), 5);
  expect([ends.hasEnded('0'), ends.hasEnded('1'), ends.hasEnded('32')]).toEqual([false, true, true]);
});

test('counts the invocations that have started and whose ends have not arrived', () => {
  const ends = new InvocationEnds();
  for (const requestId of ['a', 'b', 'c']) ends.markStarted(requestId);
  expect(ends.unfinished).toBe(3);
  ends.markEnded('unknown', 5);
  for (const requestId of ['a', 'b', 'a']) ends.markEnded(requestId, 5);
  expect(ends.unfinished).toBe(1);
  for (let id = 0; id < 100; id += 1) ends.markStarted(String(id));
  expect(ends.unfinished).toBe(32);
});

test('waits no longer once what arrives lies further back than the bound', async () => {
  const ends = new InvocationEnds();
  const ended = ends.whenEnded('a', 1_000, 500);
  ends.observe(2_000, 2_500);
  expect(await isSettled(ended)).toBe(false);
  ends.observe(2_100, 2_601);
  expect(await ended).toBeUndefined();
});

test('takes what was logged before the invocation as handed over in time, however old it is', async () => {
  const ends = new InvocationEnds();
  const ended = ends.whenEnded('a', 1_000_000, 500);
  ends.observe(4_000, 1_000_500);
  expect(await isSettled(ended)).toBe(false);
  ends.markEnded('a', 1_000_480);
  expect(await ended).toBe(1_000_480);
});

test('waits on when what arrives is older than any invocation: another clock, or a long freeze', async () => {
  const ends = new InvocationEnds();
  const ended = ends.whenEnded('a', 2_000_000, 500);
  ends.observe(1_099_999, 2_009_000);
  expect(await isSettled(ended)).toBe(false);
  ends.observe(1_100_000, 2_009_000);
  expect(await ended).toBeUndefined();
});

test('waits on when the time of an event cannot be read', async () => {
  const ends = new InvocationEnds();
  const ended = ends.whenEnded('a', 1_000, 500);
  ends.observe(Number.NaN, 9_000);
  expect(await isSettled(ended)).toBe(false);
});
