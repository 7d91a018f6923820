import { expect, test } from 'vitest';
import { describeWorsening, worsenings } from '../../bench/compare';
import type { Figure } from '../../bench/figure';

const FIGURE: Figure = {
  id: 'cold-start.wall',
  title: 'wall time to the first /next',
  unit: 'ms',
  node: '22',
  subject: 'signed',
  value: 40,
  floor: 40,
  low: 38,
  high: 42,
  runs: 21,
  slack: 2,
};

test('names a ratio that is more than 15 % worse', () => {
  const worse = worsenings([FIGURE], [{ ...FIGURE, value: 47 }]);
  expect(worse.map(describeWorsening)).toEqual([
    'wall time to the first /next (signed, Node.js 22): 1.00 -> 1.18, 18 % worse',
  ]);
});

test('lets pass what is better, equal, or worse by no more than 15 %', () => {
  for (const value of [20, 40, 46]) expect(worsenings([FIGURE], [{ ...FIGURE, value }])).toEqual([]);
});

test('compares ratios, not values: a slower machine is no worsening, a faster one hides none', () => {
  expect(worsenings([FIGURE], [{ ...FIGURE, value: 80, floor: 80 }])).toEqual([]);
  expect(worsenings([FIGURE], [{ ...FIGURE, value: 30, floor: 20 }])).toHaveLength(1);
});

test('takes a difference below the slack for noise', () => {
  const small = { ...FIGURE, value: 0.4, floor: 0.4, slack: 1 };
  expect(worsenings([small], [{ ...small, value: 1.3 }])).toEqual([]);
  expect(worsenings([small], [{ ...small, value: 1.5 }])).toHaveLength(1);
});

test('compares values where there is no floor, or none but 0', () => {
  const { floor: _, ...bytes } = { ...FIGURE, id: 'bundle.signed', unit: 'bytes' as const, slack: 0 };
  expect(worsenings([bytes], [{ ...bytes, value: 47 }])).toHaveLength(1);
  const idle = { ...FIGURE, value: 0.5, floor: 0, slack: 1 };
  expect(worsenings([idle], [{ ...idle, value: 0.9 }])).toEqual([]);
  expect(worsenings([idle], [{ ...idle, value: 20 }])).toHaveLength(1);
});

test('knows figures by id, client and version of Node.js, and passes over new ones', () => {
  const others: Figure[] = [
    { ...FIGURE, node: '24', value: 90 },
    { ...FIGURE, subject: 'sdk', value: 90 },
    { ...FIGURE, id: 'cold-start.cpu', value: 90 },
  ];
  expect(worsenings([FIGURE], others)).toEqual([]);
});
