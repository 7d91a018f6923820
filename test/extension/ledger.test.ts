import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DropReason, Ledger } from '../../extension/src/ledger';
import { assertProperty } from './property';

test('holds what was received and neither delivered nor dropped', () => {
  const reason = fc.constantFrom<DropReason>('buffer-full', 'malformed', 'rejected', 'shutdown-deadline');
  assertProperty(
    fc.property(fc.nat(), fc.array(fc.tuple(reason, fc.nat({ max: 1_000 }))), (delivered, drops) => {
      const ledger = new Ledger();
      ledger.received = delivered + 1_000_000;
      ledger.delivered = delivered;
      for (const [why, events] of drops) ledger.drop(why, events);
      const dropped = drops.reduce((sum, [, events]) => sum + events, 0);
      expect(ledger.dropped).toBe(dropped);
      expect(ledger.held).toBe(1_000_000 - dropped);
      expect(Object.values(ledger.droppedByReason).reduce((sum, events) => sum + events, 0)).toBe(dropped);
    }),
  );
});

test('names only the reasons that occurred', () => {
  const ledger = new Ledger();
  ledger.drop('malformed', 0);
  ledger.drop('rejected', 2);
  ledger.drop('rejected', 3);
  expect(ledger.droppedByReason).toEqual({ rejected: 5 });
});
