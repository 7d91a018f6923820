import * as fc from 'fast-check';
import { DeliveryWindow, type TelemetryLine } from '../../src/decoder';
import { event, filtered, stats } from './lines';

/** A case of examples/consumers/delivery-window-cases.json, for every implementation of the window. */
export interface DeliveryCase {
  readonly name: string;
  readonly options?: {
    readonly countFrom?: 'one' | 'first-seen';
    readonly maxInstances?: number;
    readonly maxRangesPerInstance?: number;
  };
  /** How many lines are added before `unseen` is asked about all of them. */
  readonly unseenAfter?: number;
  readonly forgetIdleMs?: number;
  readonly lines: readonly TelemetryLine[];
  /** Of each delivery the keys that matter, of the rest what matters. */
  readonly expected: Partial<DeliveryOutcome>;
}

export interface DeliveryOutcome {
  /** Indexes of lines, as are `fresh`. */
  readonly unseen: readonly number[];
  readonly fresh: readonly number[];
  readonly forgotten: readonly string[];
  readonly deliveries: readonly object[];
  readonly suspects: readonly string[];
}

/** What our window makes of the lines, a second passing from one to the next. */
export function outcomeOf({ options, unseenAfter = 0, forgetIdleMs, lines }: Omit<DeliveryCase, 'expected'>) {
  let nowMs = 0;
  const forgotten: string[] = [];
  const onForget = ({ instanceId }: { instanceId: string }) => forgotten.push(instanceId);
  const window = new DeliveryWindow({ ...options, onForget, now: () => nowMs });
  const fresh: number[] = [];
  let unseen: number[] = [];
  for (const [index, line] of lines.entries()) {
    nowMs = index * 1_000;
    if (index === unseenAfter) unseen = window.unseen(lines).map((one) => lines.indexOf(one));
    if (window.add(line)) fresh.push(index);
  }
  if (forgetIdleMs !== undefined) window.forgetIdle(forgetIdleMs);
  const deliveries = window.deliveries().map((one) => ({ ...one, functionName: one.functionName ?? null }));
  const suspects = window.suspects().map(({ instanceId }) => instanceId);
  return { unseen, fresh, forgotten, deliveries, suspects } satisfies DeliveryOutcome;
}

const HIGHEST_SEQ = 25;
const seq = fc.integer({ min: 1, max: HIGHEST_SEQ });
const identity = fc.record(
  { instance_id: fc.constantFrom('a', 'b', 'c'), function_name: fc.constantFrom('f', 'g') },
  { requiredKeys: ['instance_id'] },
);

/** A ledger of a short life; what it has not delivered it has dropped, or holds. */
const ledger = fc
  .tuple(fc.nat(HIGHEST_SEQ), fc.nat(4), fc.nat(4), fc.boolean())
  .map(([delivered, dropped, held, final]) =>
    stats({
      received: delivered + dropped + held,
      delivered,
      dropped,
      held,
      ...(dropped > 0 ? { dropped_by_reason: { shutdown: dropped } } : {}),
      ...(final ? { final: true, dropped_by_lambda: held } : {}),
    }),
  );

/** Events, runs of filtered events and ledgers of three instances, in any order and repetition. */
export const anyLine: fc.Arbitrary<TelemetryLine> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: seq.map((one) => event(one)) },
      { weight: 3, arbitrary: fc.tuple(seq, fc.nat(6)).map(([from, more]) => filtered(from, from + more)) },
      { weight: 1, arbitrary: ledger },
    ),
    identity,
  )
  .map(([line, who]) => ({ ...line, ...who }));

export const anyCase: fc.Arbitrary<Omit<DeliveryCase, 'expected'>> = fc.record({
  name: fc.constant('made by chance'),
  options: fc.record(
    {
      countFrom: fc.constantFrom('one' as const, 'first-seen' as const),
      maxInstances: fc.integer({ min: 1, max: 3 }),
      maxRangesPerInstance: fc.integer({ min: 1, max: 5 }),
    },
    { requiredKeys: [] },
  ),
  unseenAfter: fc.nat(20),
  forgetIdleMs: fc.nat(40_000),
  lines: fc.array(anyLine, { minLength: 1, maxLength: 60 }),
});
