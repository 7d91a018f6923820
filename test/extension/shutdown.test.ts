import { expect, test } from 'vitest';
import { shutDown } from '../../extension/src/shutdown';
import { FakeClock } from './fake-clock';

interface Situation {
  readonly deadlineInMs?: number;
  /** How long each flush takes. */
  readonly flushMs?: number;
  /** When the listener fell or falls quiet. */
  readonly quietAt?: number;
  /** Whether something is left after a flush. */
  readonly isEmpty?: () => boolean;
  /** When the end of the last invocation is told. */
  readonly endToldAt?: number;
}

async function shutDownIn(situation: Situation) {
  const { deadlineInMs, flushMs = 0, quietAt = -1_000, isEmpty = () => true, endToldAt = -1_000 } = situation;
  const clock = new FakeClock();
  const start = clock.now();
  const history: [string, number][] = [];
  const bounds: number[] = [];
  const note = (what: string) => history.push([what, clock.now() - start]);
  const done = shutDown(deadlineInMs === undefined ? undefined : start + deadlineInMs, {
    clock,
    quietMs: () => Math.max(0, clock.now() - start - quietAt),
    awaitsEnd: () => clock.now() - start < endToldAt,
    isEmpty,
    flushFinally: (until) => {
      note('flush');
      bounds.push(until - start);
      const end = Math.min(until, clock.now() + flushMs);
      return new Promise((resolve) => clock.after(end - clock.now(), resolve));
    },
    closeBooks: () => note('close'),
    reportLosses: () => note('report'),
  });
  await clock.until(done);
  return { history, bounds, endedAt: clock.now() - start };
}

const ENDLESS = { flushMs: 60_000, quietAt: 60_000, isEmpty: () => false };

test('sends at once, and closes the books when nothing is left and the listener has been quiet for 60 ms', async () => {
  const { history } = await shutDownIn({ deadlineInMs: 2_000 });
  expect(history).toEqual([
    ['flush', 0],
    ['close', 60],
    ['flush', 60],
    ['report', 60],
  ]);
});

test('sends again what came before the listener fell quiet', async () => {
  let left = 1;
  const isEmpty = () => left-- <= 0;
  const { history } = await shutDownIn({ deadlineInMs: 2_000, quietAt: 100, isEmpty });
  expect(history.slice(0, 3)).toEqual([
    ['flush', 0],
    ['flush', 160],
    ['close', 160],
  ]);
});

test('goes on taking what Lambda hands over as long as there is time', async () => {
  const { history, endedAt } = await shutDownIn({ deadlineInMs: 2_000, quietAt: 800 });
  expect(history.find(([what]) => what === 'close')?.[1]).toBeGreaterThanOrEqual(860);
  expect(endedAt).toBeLessThanOrEqual(1_300);
});

test('waits longer for a listener that is quiet while the end of an invocation has not been told', async () => {
  const closedAt = async (situation: Situation) =>
    (await shutDownIn(situation)).history.find(([what]) => what === 'close')?.[1];
  expect(await closedAt({ deadlineInMs: 2_000, endToldAt: 200, quietAt: 200 })).toBe(260);
  expect(await closedAt({ deadlineInMs: 2_000, endToldAt: 5_000 })).toBe(300);
  expect(await closedAt({ deadlineInMs: 500, endToldAt: 5_000 })).toBe(150); // a budget of 200 ms
});

test('ends as soon as everything is sent', async () => {
  const { endedAt } = await shutDownIn({ deadlineInMs: 2_000, flushMs: 10 });
  expect(endedAt).toBe(70);
});

test.each([2_000, 10_000, 60_000, undefined])(
  'ends within 1.3 s when nothing answers and the deadline is %s ms ahead',
  async (deadlineInMs) => {
    const { endedAt, bounds } = await shutDownIn({ deadlineInMs, ...ENDLESS });
    expect(endedAt).toBeLessThanOrEqual(1_300);
    expect(endedAt).toBeGreaterThanOrEqual(1_000);
    // Time is kept for the last line of the ledger.
    expect((bounds.at(-1) as number) - (bounds[0] as number)).toBe(200);
  },
);

test.each([600, 800, 1_000, 1_500])('ends 300 ms before a deadline that is %i ms ahead', async (deadlineInMs) => {
  const { endedAt } = await shutDownIn({ deadlineInMs, ...ENDLESS });
  expect(endedAt).toBeLessThanOrEqual(deadlineInMs - 300);
});

test.each([-5_000, 0, 100, 350])('takes 100 ms and no more when the deadline is %i ms ahead', async (deadlineInMs) => {
  const { endedAt, history } = await shutDownIn({ deadlineInMs, ...ENDLESS });
  expect(endedAt).toBe(100);
  expect(history.map(([what]) => what).slice(-3)).toEqual(['close', 'flush', 'report']);
});
