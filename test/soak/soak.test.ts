import { expect, it } from 'vitest';
import type { Behaviour } from '../../sandbox/src';
import { privateDirtyMib } from '../e2e/process-memory';
import { type Sandboxed, STREAM, sandboxed } from '../e2e/sandboxed';

const EVENTS = 1_000_000;
const LINES = 5_000;
const INVOCATIONS = EVENTS / LINES;

/** Numerical Recipes' linear congruential generator: the same faults in every run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomFault(roll: () => number): Behaviour | undefined {
  const face = roll();
  if (face < 0.1) return { failRecord: () => (roll() < 0.3 ? 'ProvisionedThroughputExceededException' : undefined) };
  if (face < 0.16) return { status: 400, errorType: 'ProvisionedThroughputExceededException' };
  if (face < 0.2) return { status: 500 };
  if (face < 0.22) return { reset: true };
  if (face < 0.24) return { acceptThenReset: true };
  if (face < 0.26) return { truncateResponse: 1 };
  if (face < 0.27) return { hang: true };
  if (face < 0.4) return { delayMs: Math.floor(roll() * 200) };
  return undefined;
}

/** Notes the numbers of all events that have come into the stream, and forgets the records. */
function drain({ kinesis }: Sandboxed, arrivals: Uint8Array): string[] {
  const ledgers: string[] = [];
  for (const { data } of kinesis.records(STREAM)) {
    for (const line of data.toString('latin1').trimEnd().split('\n')) {
      const seq = Number(/"seq":(\d+)/.exec(line)?.[1] ?? 0);
      if (line.includes('"type":"extension.stats"')) ledgers.push(line);
      else arrivals[seq] = (arrivals[seq] as number) + 1;
    }
  }
  const stream = kinesis.streams.get(STREAM);
  stream?.forget();
  return ledgers;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

it('a million events with random faults: memory stays flat and the ledger closes', { timeout: 900_000 }, async () => {
  const box = await sandboxed({ timeoutMs: 60_000, memorySizeMb: 1_024 });
  const roll = dice(7);
  box.kinesis.behave(() => randomFault(roll));
  const arrivals = new Uint8Array(EVENTS * 1.1);
  const memory: number[] = [];
  const addedMs: number[] = [];
  for (let count = 0; count < INVOCATIONS; count += 1) {
    const invocation = await box.environment.invoke({ count: LINES, text: 'x'.repeat(200) });
    expect(invocation.status).toBe('success');
    memory.push(privateDirtyMib(box.environment.extensionPid));
    addedMs.push(invocation.extensionOverheadMs);
    drain(box, arrivals);
  }
  box.kinesis.behave(() => undefined);
  const shutdown = await box.environment.shutdown();
  expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
  const ledger = JSON.parse(drain(box, arrivals).at(-1) as string);

  const produced = box.environment.produced.length;
  expect(produced).toBeGreaterThan(EVENTS);
  expect(ledger).toMatchObject({ final: true, received: produced, held: 0 });
  expect(ledger.delivered + ledger.dropped).toBe(produced);
  const arrived = arrivals.reduce((sum, times) => sum + (times > 0 ? 1 : 0), 0);
  // A call whose answer was lost may have written what was evicted before it could be sent again.
  expect(arrived).toBeGreaterThanOrEqual(ledger.delivered);
  expect(arrived).toBeLessThanOrEqual(ledger.delivered + ledger.dropped);
  const quarter = Math.floor(memory.length / 4);
  expect(median(memory.slice(-quarter))).toBeLessThan(1.2 * median(memory.slice(quarter, 2 * quarter)));
  // 24 MiB for a process that sends, the budget's 32, 6 of request bodies for 4 calls, and what V8 has yet to collect.
  expect(Math.max(...memory)).toBeLessThan(96);
  // 25 ms of Lambda's buffer and 500 of the flush bound; the rest is for a machine that does more than this.
  expect(Math.max(...addedMs)).toBeLessThan(525 + 225);
  console.log(
    `delivered ${ledger.delivered}, dropped ${JSON.stringify(ledger.dropped_by_reason)}, duplicates ${duplicates(arrivals)}, ` +
      `calls ${ledger.calls}, retries ${ledger.retries}, memory ${median(memory).toFixed(1)} MiB (median), ${Math.max(...memory).toFixed(1)} MiB (most), ` +
      `added to an invocation ${median(addedMs)} ms (median), ${Math.max(...addedMs).toFixed(0)} ms (most)`,
  );
});

function duplicates(arrivals: Uint8Array): number {
  return arrivals.reduce((sum, times) => sum + Math.max(0, times - 1), 0);
}
