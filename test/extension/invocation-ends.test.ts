import { expect, test } from 'vitest';
import { InvocationEnds } from '../../extension/src/invocation-ends';
import { settled } from './fake-clock';

/** Whether the promise has settled by now. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await settled();
  return done;
}

test('tells at once that an invocation has ended', async () => {
  const ends = new InvocationEnds();
  ends.markEnded('a');
  expect(ends.hasEnded('a')).toBe(true);
  expect(await isSettled(ends.whenEnded('a'))).toBe(true);
});

test('waits for the end of the asked invocation and no other', async () => {
  const ends = new InvocationEnds();
  const ended = ends.whenEnded('b');
  ends.markEnded('a');
  expect(await isSettled(ended)).toBe(false);
  ends.markEnded('b');
  expect(await isSettled(ended)).toBe(true);
});

test('forgets a wait when a new one begins', async () => {
  const ends = new InvocationEnds();
  const first = ends.whenEnded('a');
  const second = ends.whenEnded('b');
  ends.markEnded('b');
  ends.markEnded('a');
  expect([await isSettled(first), await isSettled(second)]).toEqual([false, true]);
});

test('remembers the last 32 ends', () => {
  const ends = new InvocationEnds();
  for (let id = 0; id < 33; id += 1) ends.markEnded(String(id));
  expect([ends.hasEnded('0'), ends.hasEnded('1'), ends.hasEnded('32')]).toEqual([false, true, true]);
});

test('counts the invocations that have started and whose ends have not arrived', () => {
  const ends = new InvocationEnds();
  for (const requestId of ['a', 'b', 'c']) ends.markStarted(requestId);
  expect(ends.unfinished).toBe(3);
  ends.markEnded('unknown');
  for (const requestId of ['a', 'b', 'a']) ends.markEnded(requestId);
  expect(ends.unfinished).toBe(1);
  for (let id = 0; id < 100; id += 1) ends.markStarted(String(id));
  expect(ends.unfinished).toBe(32);
});
