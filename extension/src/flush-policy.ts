import type { FlushStrategy } from './settings';

/** `adaptive`: invocations on average no further apart than this are frequent. The promise is "within a second or so". */
export const FREQUENT_INTERVAL_MS = 1_000;
/** Intervals to see before invocations may count as frequent. */
export const WARM_UP_INTERVALS = 5;
/** A pause longer than this starts the warm-up anew. */
export const IDLE_RESET_MS = 5_000;
/** Telemetry older than this leaves at the next opportunity, whatever the strategy waits for. */
export const LINGER_MS = 1_000;
/** `adaptive`: this many earlier ends outstanding, and a busy function waits once, so that Lambda can catch up. */
export const MAX_UNFINISHED = 4;

const SMOOTHING = 0.25;

/**
 * Decides when telemetry leaves. Pure: knows times, not timers.
 *
 * `adaptive`: while invocations are sparse, each waits at its end until its own telemetry is in the stream. Once the
 * moving average of the last intervals (weight 0.25, after 5 of them) is at most 1 s, nothing waits: what is older
 * than 1 s leaves while the function runs, at the latest with the next invocation. A pause of over 5 s returns to
 * sparse. A busy function that logs more than Lambda can hand over before each freeze waits when 4 ends are outstanding.
 */
export class FlushPolicy {
  private lastInvokeAt: number | undefined;
  private averageIntervalMs = 0;
  private intervals = 0;

  public constructor(private readonly strategy: FlushStrategy) {}

  /** Call at every INVOKE. */
  public observeInvoke(now: number): void {
    // A clock set back gives a negative interval, which says nothing.
    const interval = this.lastInvokeAt === undefined ? -1 : now - this.lastInvokeAt;
    this.lastInvokeAt = now;
    if (interval < 0) return;
    if (interval > IDLE_RESET_MS) {
      this.intervals = 0;
      return;
    }
    this.averageIntervalMs =
      this.intervals === 0 ? interval : this.averageIntervalMs + SMOOTHING * (interval - this.averageIntervalMs);
    this.intervals += 1;
  }

  /**
   * Whether the invocation that has just started stays open until its telemetry is sent. `unfinished`: earlier
   * invocations whose ends have not arrived.
   */
  public waitsForEnd(unfinished: number): boolean {
    if (this.strategy.name === 'end-of-invocation') return true;
    return this.strategy.name === 'adaptive' && (!this.isFrequent || unfinished >= MAX_UNFINISHED);
  }

  /** How old waiting telemetry may become before it leaves while a function runs, in ms. */
  public get lingerMs(): number {
    return this.strategy.name === 'periodic' ? this.strategy.intervalMs : LINGER_MS;
  }

  /** Whether waiting telemetry leaves at the start of an invocation. */
  public isDueAtInvoke(now: number, oldestAt: number | undefined): boolean {
    if (oldestAt === undefined) return false;
    return this.strategy.name === 'next-invocation' || this.isDue(now, oldestAt);
  }

  /** Whether the telemetry of an earlier invocation leaves as soon as it has arrived in a later one. */
  public get sendsPreviousOnArrival(): boolean {
    return this.strategy.name === 'next-invocation';
  }

  /** Whether the oldest waiting telemetry has become too old. */
  public isDue(now: number, oldestAt: number | undefined): boolean {
    if (oldestAt === undefined) return false;
    const age = now - oldestAt;
    return age >= this.lingerMs || age < 0; // a clock set back must not keep it for ever
  }

  private get isFrequent(): boolean {
    return this.intervals >= WARM_UP_INTERVALS && this.averageIntervalMs <= FREQUENT_INTERVAL_MS;
  }
}
