import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BackPressure } from '../../extension/src/back-pressure';
import { assertProperty } from './property';

test('answers at once while there is room', () => {
  const pressure = new BackPressure();
  expect([0, 0.5, 0.7499].map((fill) => pressure.answerDelayMs(fill, true))).toEqual([0, 0, 0]);
});

test('answers the later the fuller the buffer is, up to 100 ms', () => {
  const delays = [0.76, 0.8, 0.9, 1, 1.5].map((fill) => new BackPressure().answerDelayMs(fill, true));
  expect(delays).toEqual([...delays].sort((a, b) => a - b));
  expect(delays[0]).toBeGreaterThan(0);
  expect(delays.slice(-2)).toEqual([100, 100]);
});

test('answers at once where nothing drains', () => {
  expect(new BackPressure().answerDelayMs(1, false)).toBe(0);
});

test('waits at most 2 s in an episode, which ends when there is room again', () => {
  assertProperty(
    fc.property(fc.array(fc.double({ min: 0, max: 1.2, noNaN: true }), { maxLength: 120 }), (fills) => {
      const pressure = new BackPressure();
      let spentMs = 0;
      for (const fill of fills) {
        const delayMs = pressure.answerDelayMs(fill, true);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        spentMs = fill < 0.75 ? 0 : spentMs + delayMs;
        expect(spentMs).toBeLessThanOrEqual(2_000);
      }
    }),
  );
  const pressure = new BackPressure();
  for (let answer = 0; answer < 30; answer += 1) pressure.answerDelayMs(1, true);
  expect(pressure.answerDelayMs(1, true)).toBe(0);
  pressure.answerDelayMs(0.5, true);
  expect(pressure.answerDelayMs(1, true)).toBe(100);
});
