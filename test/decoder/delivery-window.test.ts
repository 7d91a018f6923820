import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeliveryWindow, type InstanceDelivery, type TelemetryLine } from '../../src/decoder';
import { assertProperty } from '../extension/property';
import { event, stats } from './lines';

function delivered(lines: readonly TelemetryLine[], options = {}): InstanceDelivery {
  const window = new DeliveryWindow(options);
  window.filter(lines);
  return window.deliveries()[0] as InstanceDelivery;
}

const events = (...numbers: number[]) => numbers.map((seq) => event(seq));

describe('duplicates', () => {
  test('go through once, by instance and number', () => {
    const window = new DeliveryWindow();
    const other = event(1, { instance_id: 'j' });
    expect(window.filter([event(1), event(2), event(1), other, event(2)])).toEqual([event(1), event(2), other]);
    expect(window.filter([event(2), event(3)])).toEqual([event(3)]);
    expect(window.deliveries().map(({ instanceId, duplicates }) => [instanceId, duplicates])).toEqual([
      ['j', 0],
      ['i', 3],
    ]);
  });

  test('of a ledger do not go through, nor does an older one', () => {
    const window = new DeliveryWindow();
    const [older, newer] = [stats({ received: 3, delivered: 2 }), stats({ received: 5, delivered: 5 })];
    expect(window.filter([newer, older, newer])).toEqual([newer]);
    expect(window.filter([stats({ received: 5, delivered: 5, final: true }), newer])).toHaveLength(1);
  });

  test('can be looked for without being remembered, for work that may fail', () => {
    const window = new DeliveryWindow();
    const batch = [event(1), event(1), stats({ received: 1 })];
    expect(window.unseen(batch)).toEqual([batch[0], batch[2]]);
    expect(window.unseen(batch)).toHaveLength(2);
    window.filter(batch);
    expect(window.unseen(batch)).toEqual([]);
  });
});

describe('gaps', () => {
  test('are what is missing below the highest number', () => {
    expect(delivered(events(2, 3, 6, 9, 8))).toMatchObject({
      events: 5,
      highestSeq: 9,
      missing: 4,
      gaps: [
        { from: 1, to: 1 },
        { from: 4, to: 5 },
        { from: 7, to: 7 },
      ],
      verdict: 'pending',
    });
  });

  test('before the first number seen do not count for a reader that came later', () => {
    expect(delivered(events(5, 6), { countFrom: 'first-seen' })).toMatchObject({ missing: 0, verdict: 'complete' });
    expect(delivered(events(5, 6))).toMatchObject({ missing: 4, verdict: 'pending' });
  });

  test('at the end show by the ledger', () => {
    const final = stats({ received: 4, delivered: 4, final: true });
    expect(delivered([...events(1, 2, 3), final])).toMatchObject({ gaps: [{ from: 4, to: 4 }], verdict: 'lost' });
    expect(delivered([...events(1, 2, 3, 4), final])).toMatchObject({ missing: 0, verdict: 'complete', final: true });
  });

  test('are explained by what the extension says it dropped, and by no more', () => {
    const ledger = (dropped: number) =>
      stats({
        received: 4,
        delivered: 4 - dropped,
        dropped,
        dropped_by_reason: { 'buffer-full': dropped },
        final: true,
      });
    expect(delivered([...events(1, 4), ledger(2)])).toMatchObject({
      verdict: 'dropped',
      droppedByReason: { 'buffer-full': 2 },
    });
    expect(delivered([...events(1, 4), ledger(1)])).toMatchObject({ verdict: 'lost' });
  });

  test('are not counted for what the extension still held', () => {
    const ledger = stats({ received: 5, delivered: 3, held: 2 });
    expect(delivered([...events(1, 2, 3), ledger])).toMatchObject({ missing: 0, verdict: 'complete', final: false });
  });

  test('make suspects of those instances alone whose missing events nobody accounts for', () => {
    const window = new DeliveryWindow();
    window.filter([event(1), event(3), event(1, { instance_id: 'fine' })]);
    expect(window.suspects().map(({ instanceId }) => instanceId)).toEqual(['i']);
  });
});

describe('the memory', () => {
  test('holds so many instances, and gives back what it knew of the one not seen for longest', () => {
    const forgotten: string[] = [];
    const onForget = ({ instanceId }: InstanceDelivery) => forgotten.push(instanceId);
    const window = new DeliveryWindow({ maxInstances: 2, onForget });
    for (const id of ['a', 'b', 'a', 'c']) window.add(event(1, { instance_id: id }));
    expect(forgotten).toEqual(['b']);
  });

  test('forgets who has been silent', () => {
    let now = 0;
    const window = new DeliveryWindow({ now: () => now });
    window.add(event(1, { instance_id: 'a' }));
    now = 5_000;
    window.add(event(1, { instance_id: 'b' }));
    expect(window.forgetIdle(1_000).map(({ instanceId }) => instanceId)).toEqual(['a']);
    expect(window.deliveries()).toHaveLength(1);
  });

  test('gives up the lowest gap when there are too many, and says so', () => {
    const books = delivered(events(1, 3, 5, 7), { maxRangesPerInstance: 3 });
    expect(books).toMatchObject({
      events: 4,
      givenUp: 1,
      missing: 2,
      gaps: [
        { from: 4, to: 4 },
        { from: 6, to: 6 },
      ],
    });
  });
});

describe('for every order of arrival with repetitions and losses', () => {
  const delivery = fc
    .record({ total: fc.integer({ min: 1, max: 60 }), instances: fc.constantFrom(1, 2, 3) })
    .chain(({ total, instances }) =>
      fc.record({
        total: fc.constant(total),
        arrivals: fc.array(
          fc.record({ seq: fc.integer({ min: 1, max: total }), instance: fc.integer({ min: 1, max: instances }) }),
          { maxLength: 200 },
        ),
      }),
    );

  test('each event goes through once, and the gaps are exactly the rest', () => {
    assertProperty(
      fc.property(delivery, ({ total, arrivals }) => {
        const window = new DeliveryWindow();
        const lines = arrivals.map(({ seq, instance }) => event(seq, { instance_id: `${instance}` }));
        const through = window.filter(lines).map((line) => `${line.instance_id}/${line.seq}`);
        const distinct = new Set(arrivals.map(({ seq, instance }) => `${instance}/${seq}`));
        expect(new Set(through)).toEqual(distinct);
        expect(through).toHaveLength(distinct.size);

        for (const books of window.deliveries()) {
          window.add(stats({ instance_id: books.instanceId, received: total, delivered: total, final: true }));
        }
        for (const { instanceId, gaps, missing, events: seen, duplicates } of window.deliveries()) {
          const lacking = gaps.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
          const all = Array.from({ length: total }, (_, index) => index + 1);
          expect(lacking).toEqual(all.filter((seq) => !distinct.has(`${instanceId}/${seq}`)));
          expect(missing).toBe(total - seen);
          expect(seen + duplicates).toBe(arrivals.filter(({ instance }) => `${instance}` === instanceId).length);
        }
      }),
    );
  });
});
