import { describe, expect, test } from 'vitest';
import cases from '../../examples/consumers/delivery-window-cases.json';
import { type DeliveryCase, outcomeOf } from './delivery-cases';

describe('the cases that all implementations share', () => {
  test.each(cases as unknown as DeliveryCase[])('$name', (one) => {
    const { deliveries, ...exact } = one.expected;
    const found = outcomeOf(one);
    expect(found).toMatchObject(exact);
    if (deliveries) expect(found.deliveries).toMatchObject(deliveries); // an array: as many, and these keys of each
  });
});
