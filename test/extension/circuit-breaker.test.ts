import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CircuitBreaker } from '../../extension/src/circuit-breaker';
import { FakeClock } from './fake-clock';
import { assertProperty } from './property';

function newBreaker(random = 1) {
  const clock = new FakeClock();
  const breaker = new CircuitBreaker(clock.now, () => random);
  const fail = (times: number) => {
    for (let time = 0; time < times; time += 1) breaker.failed();
  };
  return { clock, breaker, fail };
}

test('opens after five failures in a row', () => {
  const { breaker, fail } = newBreaker();
  fail(4);
  expect(breaker.state).toBe('closed');
  fail(1);
  expect(breaker).toMatchObject({ state: 'open', opened: 1 });
});

test('starts to count anew with a success', () => {
  const { breaker, fail } = newBreaker();
  fail(4);
  breaker.succeeded();
  fail(4);
  expect(breaker.state).toBe('closed');
});

test('opens at once after a decisive failure', () => {
  const { breaker } = newBreaker();
  breaker.failed(true);
  expect(breaker.state).toBe('open');
});

test('lets probes through after its pause, and closes when one succeeds', async () => {
  const { clock, breaker } = newBreaker();
  breaker.failed(true);
  await clock.advance(999);
  expect(breaker.state).toBe('open');
  await clock.advance(1);
  expect(breaker.state).toBe('half-open');
  breaker.succeeded();
  expect(breaker.state).toBe('closed');
});

test('doubles its pause with each failed probe up to a minute, and forgets that with a success', async () => {
  const { clock, breaker } = newBreaker();
  const pauses: number[] = [];
  for (let opening = 0; opening < 9; opening += 1) {
    breaker.failed(opening === 0);
    const from = clock.now();
    while (breaker.state === 'open') await clock.advance(500);
    pauses.push(clock.now() - from);
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(breaker.opened).toBe(9);
  breaker.succeeded();
  breaker.failed(true);
  await clock.advance(1_000);
  expect(breaker.state).toBe('half-open');
});

test('draws its pause from the upper half of the range', () => {
  assertProperty(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
      const { clock, breaker } = newBreaker(random);
      breaker.failed(true);
      clock.jump(499);
      expect(breaker.state).toBe('open');
      clock.jump(501);
      expect(breaker.state).toBe('half-open');
    }),
  );
});

test('does not count failures that arrive late as another opening', () => {
  const { breaker, fail } = newBreaker();
  fail(9);
  expect(breaker.opened).toBe(1);
});

test('ends its pause when the clock is set back', () => {
  const { clock, breaker } = newBreaker();
  breaker.failed(true);
  clock.jump(-3_600_000);
  expect(breaker.state).toBe('half-open');
});
