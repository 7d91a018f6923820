/**
 * Time as the extension needs it, given as an argument so that tests need no patching.
 *
 * Wall-clock milliseconds on purpose: `deadlineMs` is an epoch time, and Node.js's monotonic clock may stand still
 * while the environment is frozen (design rule 9). A wall clock can jump: whoever measures an age clamps it at 0.
 */
export interface Clock {
  now(): number;
  /** Calls `action` once after `ms`; the returned function cancels it. */
  after(ms: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`; at once when it is 0 or less. */
export function sleep(clock: Clock, ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => clock.after(ms, resolve));
}

/** Resolves to `true` when `promise` settles before `at` (epoch ms), else to `false`. Never rejects. */
export function settledBefore(clock: Clock, promise: Promise<unknown>, at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(Math.max(0, at - clock.now()), () => resolve(false));
    const settled = () => {
      cancel();
      resolve(true);
    };
    promise.then(settled, settled);
  });
}
