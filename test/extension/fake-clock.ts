import type { Clock } from '../../extension/src/clock';

interface Timer {
  readonly dueAt: number;
  readonly action: () => void;
}

/** A clock that stands still until it is advanced. Timers run by elapsed time, so that the wall clock can jump. */
export class FakeClock implements Clock {
  private elapsed = 0;
  private readonly timers = new Set<Timer>();

  public constructor(private origin = 1_700_000_000_000) {}

  public readonly now = (): number => this.origin + this.elapsed;

  public readonly after = (ms: number, action: () => void): (() => void) => {
    const timer = { dueAt: this.elapsed + Math.max(0, ms), action };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  };

  /** Runs the timers that fall due within `ms`, in order; what they set going settles before the next. */
  public async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settled();
    for (let timer = this.nextBefore(end); timer !== undefined; timer = this.nextBefore(end)) {
      this.elapsed = timer.dueAt;
      this.timers.delete(timer);
      timer.action();
      await settled();
    }
    this.elapsed = end;
  }

  /** Advances from timer to timer until `promise` settles; fails when it has not within `maxMs`. */
  public async until<T>(promise: Promise<T>, maxMs = 600_000): Promise<T> {
    let isSettled = false;
    const done = () => {
      isSettled = true;
    };
    promise.then(done, done);
    await settled();
    const end = this.elapsed + maxMs;
    while (!isSettled) {
      const next = this.nextBefore(end);
      if (next === undefined) throw new Error(`has not settled within ${maxMs} ms`);
      await this.advance(next.dueAt - this.elapsed);
    }
    return promise;
  }

  /** Sets the wall clock forward or, with a negative number, back; no timer runs. */
  public jump(ms: number): void {
    this.origin += ms;
  }

  public get pendingTimers(): number {
    return this.timers.size;
  }

  private nextBefore(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) if (timer.dueAt <= end && (next?.dueAt ?? Infinity) > timer.dueAt) next = timer;
    return next;
  }
}

/** Every promise that can settle without a timer or I/O has settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
