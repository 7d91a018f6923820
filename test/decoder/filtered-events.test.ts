import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DeliveryWindow,
  decodeRecord,
  type InstanceDelivery,
  isExtensionStats,
  isTelemetryEvent,
  isTransformFiltered,
  type TelemetryLine,
} from '../../src/decoder';
import { assertProperty } from '../extension/property';
import { transformed } from '../transform/batch';
import { anyLine } from './delivery-cases';
import { event, filtered, ndjson, stats } from './lines';

function deliveries(lines: readonly TelemetryLine[], options = {}): InstanceDelivery[] {
  const window = new DeliveryWindow(options);
  window.filter(lines);
  return window.deliveries().sort((a, b) => a.instanceId.localeCompare(b.instanceId));
}

const numbers = ({ seq, through_seq: to }: { seq: number; through_seq: number }) =>
  Array.from({ length: to - seq + 1 }, (_, index) => seq + index);

describe('a line of filtered events', () => {
  test('is read, and is neither event nor ledger', () => {
    const line = filtered(3, 5);
    expect(decodeRecord(ndjson([line]))).toEqual({ lines: [line], problems: [] });
    expect([isTransformFiltered(line), isTelemetryEvent(line), isExtensionStats(line)]).toEqual([true, false, false]);
    expect([event(1), stats()].map((one) => isTransformFiltered(one))).toEqual([false, false]);
  });

  test('as the transform writes it, leaves the books of a filtered archive without a gap', () => {
    const lines = Array.from({ length: 9 }, (_, index) =>
      event(index + 1, index % 4 === 0 ? {} : { type: 'platform.report' }),
    );
    const ledger = stats({ received: 9, delivered: 9, final: true });
    const archived = transformed(ndjson([...lines, ledger]), { includeTypes: ['function'] });
    expect(deliveries(archived)).toMatchObject([
      { events: 3, filtered: 6, missing: 0, final: true, verdict: 'complete' },
    ]);
    expect(deliveries(archived.filter((line) => line.seq !== 6))).toMatchObject([
      { gaps: [{ from: 6, to: 8 }], verdict: 'lost' },
    ]);
  });

  test('may stand between any two events of a long life, and no event that is missing is given up for it', () => {
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      index % 2 === 0 ? event(index + 1) : filtered(index + 1),
    );
    const arrived = lines.filter(({ seq }) => seq !== 3);
    expect(deliveries(arrived, { maxRangesPerInstance: 10 })).toMatchObject([
      { events: 9_999, filtered: 10_000, givenUp: 0, missing: 1, gaps: [{ from: 3, to: 3 }], verdict: 'pending' },
    ]);
  });
});

describe('for every order of lines, with repetitions', () => {
  test('an event is an event, what else was filtered out is filtered, and the rest is missing', () => {
    assertProperty(
      fc.property(fc.array(anyLine, { maxLength: 80 }), (lines) => {
        for (const found of deliveries(lines)) {
          const own = lines.filter((line) => line.instance_id === found.instanceId);
          const arrivals = own.filter(isTelemetryEvent);
          const events = new Set(arrivals.map(({ seq }) => seq));
          const accounted = new Set([...events, ...own.filter(isTransformFiltered).flatMap(numbers)]);
          expect([found.events, found.filtered]).toEqual([events.size, accounted.size - events.size]);
          expect(found.duplicates).toBe(arrivals.length - events.size);
          expect(found.gaps.flatMap(({ from, to }) => numbers({ seq: from, through_seq: to }))).toEqual(
            Array.from({ length: found.highestSeq }, (_, index) => index + 1).filter((seq) => !accounted.has(seq)),
          );
          expect(found.missing).toBe(found.highestSeq - accounted.size);
        }
      }),
    );
  });

  test('the books are the same', () => {
    // ledgers of one instance only ever count up, and the final one is the last: one story, told in any order
    const line = anyLine.filter((one) => !isExtensionStats(one));
    const story = fc
      .tuple(fc.array(line, { maxLength: 40 }), fc.nat(20), fc.nat(5))
      .map(([lines, received, more]) => [
        ...lines.map((one) => ({ ...one, function_name: 'f' })),
        stats({ instance_id: 'a', received, delivered: received }),
        stats({ instance_id: 'a', received: received + more, delivered: received, dropped: more, final: true }),
      ]);
    const told = story.chain((lines) =>
      fc.tuple(
        fc.constant(lines),
        fc
          .array(fc.constantFrom(...lines), { maxLength: 20 })
          .chain((again) => fc.shuffledSubarray([...lines, ...again], { minLength: lines.length + again.length })),
      ),
    );
    const books = (lines: readonly TelemetryLine[], countFrom: string) =>
      deliveries(lines, { countFrom }).map(({ duplicates: _, ...rest }) => rest);
    assertProperty(
      fc.property(told, fc.constantFrom('one', 'first-seen'), ([lines, shuffled], countFrom) => {
        expect(books(shuffled, countFrom)).toEqual(books(lines, countFrom));
      }),
    );
  });

  test('a number is counted once, also where gaps are given up', () => {
    assertProperty(
      fc.property(
        fc.array(anyLine, { maxLength: 80 }),
        fc.integer({ min: 1, max: 4 }),
        (lines, maxRangesPerInstance) => {
          for (const found of deliveries(lines, { maxRangesPerInstance })) {
            const { events, filtered: left, missing, givenUp, highestSeq, gaps } = found;
            expect(events + left + missing + givenUp).toBe(highestSeq);
            expect(gaps.length).toBeLessThanOrEqual(maxRangesPerInstance + 1); // one before, one behind
          }
        },
      ),
    );
  });
});
