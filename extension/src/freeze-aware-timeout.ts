/** A timer that fires this much late was overtaken by a freeze: the answer may be waiting in the socket. */
const FROZEN_AFTER_MS = 1_000;
const THAW_GRACE_MS = 250;

export interface FreezeAwareTimeout {
  readonly cancel: () => void;
  /** Fires `ms` from now, unless it is due earlier. */
  readonly shorten: (ms: number) => void;
}

/**
 * After a thaw a timer fires before the socket that already holds the answer is read. A timer that comes late was
 * frozen, and the answer gets a short grace in place of an abort (design rule 9).
 */
export function freezeAwareTimeout(timeoutMs: number, onTimeout: () => void): FreezeAwareTimeout {
  const dueAt = Date.now() + timeoutMs;
  let timer = setTimeout(() => {
    if (Date.now() - dueAt < FROZEN_AFTER_MS) return onTimeout();
    timer = setTimeout(onTimeout, THAW_GRACE_MS);
  }, timeoutMs);
  return {
    cancel: () => clearTimeout(timer),
    shorten: (ms: number) => {
      if (Date.now() + ms >= dueAt) return;
      clearTimeout(timer);
      timer = setTimeout(onTimeout, ms);
    },
  };
}
