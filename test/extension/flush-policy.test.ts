import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FlushPolicy, LINGER_MS, MAX_UNFINISHED, WARM_UP_INTERVALS } from '../../extension/src/flush-policy';
import type { FlushStrategy } from '../../extension/src/settings';
import { FakeClock } from './fake-clock';

function newPolicy(strategy: FlushStrategy, unfinished = 0) {
  const clock = new FakeClock();
  const policy = new FlushPolicy(strategy);
  /** Invokes after each of the intervals; returns whether each invocation's end is waited for. */
  const invokeAfter = async (...intervals: number[]) => {
    const waits: boolean[] = [];
    for (const interval of intervals) {
      await clock.advance(interval);
      policy.observeInvoke(clock.now());
      waits.push(policy.waitsForEnd(unfinished));
    }
    return waits;
  };
  return { clock, policy, invokeAfter };
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const ADAPTIVE: FlushStrategy = { name: 'adaptive' };
const PERIODIC: FlushStrategy = { name: 'periodic', intervalMs: 7_000 };

test('adaptive waits for the end of sparse invocations', async () => {
  const { invokeAfter } = newPolicy(ADAPTIVE);
  expect(await invokeAfter(0, ...times(20, 2_000))).toEqual(times(21, true));
});

test('adaptive stops waiting once five intervals of frequent invocations are seen', async () => {
  const { invokeAfter } = newPolicy(ADAPTIVE);
  expect(await invokeAfter(0, ...times(8, 100))).toEqual([...times(WARM_UP_INTERVALS, true), ...times(4, false)]);
});

test('adaptive takes invocations that are 1 s apart for frequent, and 1,001 ms for sparse', async () => {
  expect((await newPolicy(ADAPTIVE).invokeAfter(0, ...times(8, 1_000))).at(-1)).toBe(false);
  expect((await newPolicy(ADAPTIVE).invokeAfter(0, ...times(8, 1_001))).at(-1)).toBe(true);
});

test('a busy function waits, with adaptive alone, when too many ends before are outstanding', async () => {
  const last = async (strategy: FlushStrategy, unfinished: number) =>
    (await newPolicy(strategy, unfinished).invokeAfter(0, ...times(8, 100))).at(-1);
  expect(await last(ADAPTIVE, MAX_UNFINISHED - 1)).toBe(false);
  expect(await last(ADAPTIVE, MAX_UNFINISHED)).toBe(true);
  expect(await last({ name: 'next-invocation' }, MAX_UNFINISHED)).toBe(false);
  expect(await last(PERIODIC, MAX_UNFINISHED)).toBe(false);
});

test('adaptive bears a single longer interval among short ones', async () => {
  const { invokeAfter } = newPolicy(ADAPTIVE);
  await invokeAfter(0, ...times(10, 100));
  expect(await invokeAfter(3_000, 100)).toEqual([false, false]);
});

test('adaptive returns to waiting when invocations become sparse', async () => {
  const { invokeAfter } = newPolicy(ADAPTIVE);
  await invokeAfter(0, ...times(10, 100));
  expect((await invokeAfter(...times(6, 3_000))).at(-1)).toBe(true);
});

test('adaptive starts its warm-up anew after a pause of more than 5 s', async () => {
  const { invokeAfter } = newPolicy(ADAPTIVE);
  await invokeAfter(0, ...times(10, 100));
  expect(await invokeAfter(5_001, ...times(6, 100))).toEqual([...times(WARM_UP_INTERVALS, true), false, false]);
});

test('adaptive ignores the interval in which the clock was set back, and takes a jump ahead for a pause', async () => {
  const { clock, invokeAfter } = newPolicy(ADAPTIVE);
  await invokeAfter(0, ...times(10, 100));
  clock.jump(-3_600_000);
  expect(await invokeAfter(100, 100)).toEqual([false, false]);
  clock.jump(3_600_000);
  expect(await invokeAfter(100)).toEqual([true]);
});

test('adaptive waits only where the average of the intervals since the last pause is above 1 s', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 30 }), async (intervals) => {
      const waits = await newPolicy(ADAPTIVE).invokeAfter(0, ...intervals);
      const sinceThePause = intervals.slice(intervals.findLastIndex((interval) => interval > 5_000) + 1);
      const average = sinceThePause.reduce(
        (mean, interval, index) => (index === 0 ? interval : mean * 0.75 + interval * 0.25),
        0,
      );
      const isFrequent = sinceThePause.length >= WARM_UP_INTERVALS && average <= 1_000;
      fc.pre(Math.abs(average - 1_000) > 0.001);
      expect(waits.at(-1)).toBe(!isFrequent);
    }),
    { numRuns: 200 },
  );
});

test.each<[string, FlushStrategy, boolean]>([
  ['end-of-invocation always waits', { name: 'end-of-invocation' }, true],
  ['next-invocation never waits', { name: 'next-invocation' }, false],
  ['periodic never waits', PERIODIC, false],
])('%s', async (_name, strategy, expected) => {
  expect(await newPolicy(strategy).invokeAfter(0, 10_000, ...times(8, 10))).toEqual(times(10, expected));
});

test.each<[FlushStrategy, number]>([
  [ADAPTIVE, LINGER_MS],
  [{ name: 'end-of-invocation' }, LINGER_MS],
  [{ name: 'next-invocation' }, LINGER_MS],
  [PERIODIC, 7_000],
])('%j sends what has waited %i ms', (strategy, lingerMs) => {
  const { clock, policy } = newPolicy(strategy);
  const now = clock.now();
  expect(policy.lingerMs).toBe(lingerMs);
  expect(policy.isDue(now, now - lingerMs + 1)).toBe(false);
  expect(policy.isDue(now, now - lingerMs)).toBe(true);
  expect(policy.isDue(now, undefined)).toBe(false);
  expect(policy.isDue(now, now + 1)).toBe(true); // the clock was set back
});

test('only next-invocation sends young telemetry at the start of an invocation', () => {
  const due = (strategy: FlushStrategy, age: number) => new FlushPolicy(strategy).isDueAtInvoke(10_000, 10_000 - age);
  expect(due({ name: 'next-invocation' }, 1)).toBe(true);
  expect(due(ADAPTIVE, 1)).toBe(false);
  expect(due(ADAPTIVE, LINGER_MS)).toBe(true);
  expect(due(PERIODIC, LINGER_MS)).toBe(false);
  expect(new FlushPolicy({ name: 'next-invocation' }).isDueAtInvoke(10_000, undefined)).toBe(false);
});
