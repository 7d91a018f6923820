import { describe, expect, it } from 'vitest';
import { until } from '../../sandbox/src';
import { privateDirtyMib } from './process-memory';
import { type Sandboxed, sandboxed } from './sandboxed';

const EVENTS = 100_000;
/** A text line of about 350 bytes as an event. */
const PAYLOAD = { count: EVENTS, text: 'x'.repeat(210) };

/** 25 ms of Lambda's buffer and 500 of the flush bound, from the function's end; the rest is for a busy machine. */
const BOUND_MS = 525 + 225;

interface Ledger {
  readonly received: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly dropped_by_reason: Record<string, number>;
}

/** Runs the burst and returns the extension's peak in MiB, and what it added to the invocation. */
async function burst({ environment }: Sandboxed, timeoutMs = 60_000): Promise<{ peak: number; addedMs: number }> {
  let peak = 0;
  let over = false;
  const invoked = environment.invoke(PAYLOAD, { timeoutMs }).finally(() => {
    over = true;
  });
  await until(
    () => {
      peak = Math.max(peak, privateDirtyMib(environment.extensionPid));
      return over;
    },
    'the burst to end',
    { timeoutMs, everyMs: 5 },
  );
  const { status, extensionOverheadMs } = await invoked;
  expect(status).toBe('success');
  return { peak, addedMs: extensionOverheadMs };
}

describe('a burst of 100,000 events', { timeout: 90_000 }, () => {
  it('is delivered whole in a function of 1,024 MB', async () => {
    const box = await sandboxed({ memorySizeMb: 1_024, timeoutMs: 60_000 });
    const { peak, addedMs } = await burst(box);
    await box.environment.shutdown();
    const ledger = box.ledgers().at(-1);
    expect(box.environment.droppedByPlatform).toHaveLength(0);
    expect(ledger).toMatchObject({ received: box.environment.produced.length, dropped: 0, held: 0 });
    expect(ledger?.delivered).toBe(ledger?.received);
    expect(new Set(box.events().map(({ seq }) => seq)).size).toBe(box.environment.produced.length);
    expect(peak).toBeLessThan(64);
    expect(addedMs).toBeLessThan(BOUND_MS);
  });

  it('keeps its memory bounded and counts each dropped event while Kinesis is down in a function of 128 MB', async () => {
    const box = await sandboxed({ memorySizeMb: 128, timeoutMs: 60_000 });
    let down = true;
    box.kinesis.behave(() => (down ? { status: 500 } : undefined));
    const { peak, addedMs } = await burst(box);
    down = false;
    await box.environment.shutdown();
    const ledger = box.ledgers().at(-1) as unknown as Ledger;
    const received = box.environment.acknowledged.length;
    expect(ledger.received).toBe(received);
    expect(ledger.delivered + ledger.dropped).toBe(received);
    expect(Object.keys(ledger.dropped_by_reason)).toEqual(['buffer-full']);
    expect(new Set(box.events().map(({ seq }) => seq)).size).toBe(ledger.delivered);
    expect(peak).toBeLessThan(48);
    expect(addedMs).toBeLessThan(BOUND_MS);
  });
});
