import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RetryBudget } from '../../extension/src/retry-budget';
import { assertProperty } from './property';

test('grants 20 retries without a success, then none', () => {
  const budget = new RetryBudget();
  expect(Array.from({ length: 25 }, () => budget.take())).toEqual([...Array(20).fill(true), ...Array(5).fill(false)]);
});

test('gives back half a retry for each success', () => {
  const budget = new RetryBudget(1, 0.5);
  expect(budget.take()).toBe(true);
  budget.succeeded();
  expect(budget.take()).toBe(false);
  budget.succeeded();
  expect(budget.take()).toBe(true);
});

test('never grants more than its store and what successes gave back', () => {
  assertProperty(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.array(fc.boolean(), { maxLength: 100 }), (maxTokens, successes) => {
      const budget = new RetryBudget(maxTokens, 0.5);
      let granted = 0;
      let inRow = 0;
      for (const [index, success] of successes.entries()) {
        if (success) budget.succeeded();
        else granted += budget.take() ? 1 : 0;
        inRow = success ? inRow + 1 : 0;
        expect(granted).toBeLessThanOrEqual(maxTokens + successes.slice(0, index + 1).filter(Boolean).length / 2);
      }
      // However many successes went before, an outage starts with a full store at most.
      for (let success = 0; success < 100; success += 1) budget.succeeded();
      expect(Array.from({ length: 30 }, () => budget.take()).filter(Boolean)).toHaveLength(maxTokens);
    }),
  );
});
