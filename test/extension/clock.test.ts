import { expect, test } from 'vitest';
import { settledBefore, sleep, systemClock } from '../../extension/src/clock';
import { FakeClock } from './fake-clock';

test('sleeps until its time has come, and not at all for 0', async () => {
  const clock = new FakeClock();
  let isAwake = false;
  void sleep(clock, 100).then(() => {
    isAwake = true;
  });
  await clock.advance(99);
  expect(isAwake).toBe(false);
  await clock.advance(1);
  expect(isAwake).toBe(true);
  await sleep(clock, 0);
  await sleep(clock, -5);
  expect(clock.pendingTimers).toBe(0);
});

test('tells whether a promise settles before a moment, and leaves no timer behind', async () => {
  const clock = new FakeClock();
  const inTime = settledBefore(clock, sleep(clock, 50), clock.now() + 100);
  const late = settledBefore(clock, sleep(clock, 150), clock.now() + 100);
  const failed = settledBefore(clock, Promise.reject(new Error('x')), clock.now() + 100);
  await clock.advance(150);
  expect(await Promise.all([inTime, late, failed])).toEqual([true, false, true]);
  expect(clock.pendingTimers).toBe(0);
});

test('takes what is settled for in time although the moment has passed', async () => {
  const clock = new FakeClock();
  expect(await settledBefore(clock, Promise.resolve(), clock.now() - 1)).toBe(true);
});

test('is the wall clock with timers that can be cancelled', async () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  const fired: string[] = [];
  const cancel = systemClock.after(1, () => fired.push('cancelled'));
  cancel();
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  expect(fired).toEqual([]);
});
