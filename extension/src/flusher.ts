import type { BatchLimits } from './batcher';
import type { CircuitBreaker } from './circuit-breaker';
import type { Clock } from './clock';
import type { FlushPolicy } from './flush-policy';
import type { RecordBuffer } from './record-buffer';
import type { Sender } from './sender';

export interface FlusherDependencies {
  readonly policy: FlushPolicy;
  readonly buffer: RecordBuffer;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly limits: BatchLimits;
}

/** Turns the flush policy's decisions into sends, by arrival, by timer and by invocation. */
export class Flusher {
  private sender: Sender | undefined;
  private currentRequestId: string | undefined;
  private cancelTimer: (() => void) | undefined;

  public constructor(private readonly use: FlusherDependencies) {}

  /** The sender is loaded after the first /next; until then telemetry waits in the buffer. */
  public attach(sender: Sender): void {
    this.sender = sender;
    this.onTelemetry();
  }

  /** Call when telemetry has arrived: a full batch leaves at once, the rest when it has waited long enough. */
  public onTelemetry(): void {
    const { buffer, limits } = this.use;
    if (buffer.sendableBytes >= limits.maxBytes || buffer.sendableRecords >= limits.maxRecords) {
      this.sender?.start('full-batches');
    }
    this.armTimer();
  }

  /** Call at the start of an invocation, with the outstanding ends before it; returns whether to wait for its own. */
  public onInvoke(requestId: string | undefined, unfinished: number): boolean {
    const { policy, buffer, breaker, clock } = this.use;
    this.currentRequestId = requestId;
    policy.observeInvoke(clock.now());
    // While Kinesis is unwell a single call probes it in the background, and no invocation waits.
    const isWell = breaker.state === 'closed';
    if (!isWell || policy.isDueAtInvoke(clock.now(), buffer.oldestAt)) this.sender?.start('everything');
    return isWell && policy.waitsForEnd(unfinished);
  }

  /** Call when the end of an invocation is known. What the one before left behind often arrives in the next. */
  public onInvocationEnd(requestId: string): void {
    const { policy } = this.use;
    if (requestId !== this.currentRequestId && policy.sendsPreviousOnArrival) this.sender?.start('everything');
  }

  /** Sends everything; resolves when it is sent, or at `until` (epoch ms). `isTelling`: see Sender.flush. */
  public async flush(until: number, options: { isTelling?: boolean } = {}): Promise<void> {
    await this.sender?.flush(until, options);
  }

  public async flushFinally(until: number): Promise<void> {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    await this.sender?.flushFinally(until);
  }

  private armTimer(): void {
    const { policy, buffer, clock } = this.use;
    if (this.cancelTimer !== undefined || buffer.heldBytes === 0) return;
    // What is in flight may yet be given back, and nothing else need happen then that would arm the timer.
    const age = Math.max(0, clock.now() - (buffer.oldestAt ?? clock.now()));
    // What is overdue has been given back by a failed send: it is tried again after another interval.
    const waitMs = age >= policy.lingerMs ? policy.lingerMs : policy.lingerMs - age;
    this.cancelTimer = clock.after(waitMs, () => {
      this.cancelTimer = undefined;
      if (policy.isDue(clock.now(), buffer.oldestAt)) this.sender?.start('everything');
      this.armTimer();
    });
  }
}
