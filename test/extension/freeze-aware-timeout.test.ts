import { expect, test } from 'vitest';
import { freezeAwareTimeout } from '../../extension/src/freeze-aware-timeout';

/** Blocks this thread like a freeze: no timer runs, and the wall clock goes on. */
function freeze(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Starts a time-out and tells after how many ms it fires. */
function startTimeout(ms: number) {
  const startedAt = performance.now();
  let fire = (_afterMs: number): void => {};
  const fired = new Promise<number>((resolve) => {
    fire = resolve;
  });
  const timeout = freezeAwareTimeout(ms, () => fire(performance.now() - startedAt));
  return { timeout, fired };
}

test('fires when it is due', async () => {
  const afterMs = await startTimeout(30).fired;
  expect(afterMs).toBeGreaterThanOrEqual(28);
  expect(afterMs).toBeLessThan(1_000);
});

test('waits 250 ms more when a freeze has made it late', async () => {
  const { fired } = startTimeout(20);
  freeze(1_100);
  expect(await fired).toBeGreaterThanOrEqual(1_345);
});

test('fires earlier when it is shortened, and never later', async () => {
  const shortened = startTimeout(60_000);
  shortened.timeout.shorten(10);
  expect(await shortened.fired).toBeLessThan(5_000);
  const early = startTimeout(10);
  early.timeout.shorten(60_000);
  expect(await early.fired).toBeLessThan(5_000);
});

test('does not fire once it is cancelled, not even after it was shortened', async () => {
  const order: string[] = [];
  const cancelled = startTimeout(5);
  void cancelled.fired.then(() => order.push('cancelled'));
  cancelled.timeout.shorten(1);
  cancelled.timeout.cancel();
  void startTimeout(10).fired.then(() => order.push('later'));
  await startTimeout(20).fired;
  expect(order).toEqual(['later']);
});
