import type { BatchDelivery, DeliveryResult } from './batch-delivery';
import type { BatchLimits } from './batcher';
import type { CircuitBreaker } from './circuit-breaker';
import { type Clock, settledBefore } from './clock';
import type { KinesisClient } from './kinesis-client';
import { describe, type Logger } from './logger';
import { type BufferedRecord, type RecordBuffer, sizeOf } from './record-buffer';

export interface SenderDependencies {
  readonly delivery: BatchDelivery;
  readonly client: KinesisClient;
  readonly buffer: RecordBuffer;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: BatchLimits;
  /** Last step before a call, for formats that compress; may change the number of records. */
  readonly prepare: (records: BufferedRecord[]) => BufferedRecord[];
}

const CALLS_IN_FLIGHT = 2;
const CALLS_IN_FLIGHT_AT_SHUTDOWN = 8;
/**
 * A batch that takes longer (no answer, pauses between attempts) gives its place to another: a call that hangs for its
 * 3 s must not halve what a busy function can send.
 */
const SLOW_BATCH_MS = 500;
/** However many are slow: each holds 1.4 MB of body beside its records. */
const CALLS_IN_FLIGHT_WITH_SLOW = 4;
/** At SHUTDOWN, calls from before a freeze get this long to answer: their connections may be dead. */
const OLD_CALLS_MS = 300;
/** At SHUTDOWN, no further pass begins with less time than this: there is no room left for pauses between attempts. */
const LAST_PASS_MS = 100;

/** Takes records from the buffer, batch by batch, and has them delivered, several at a time. */
export class Sender {
  private callsInFlight = 0;
  private slowCalls = 0;
  private draining: 'nothing' | 'full-batches' | 'everything' = 'nothing';
  private isFinal = false;
  private lastResult: DeliveryResult = 'settled';
  private whenIdle: (() => void)[] = [];

  public constructor(private readonly use: SenderDependencies) {}

  /** Starts sending in the background: all that waits, or only while full batches wait. */
  public start(what: 'full-batches' | 'everything'): void {
    if (this.draining !== 'everything') this.draining = what;
    this.pump();
  }

  /**
   * Sends all that waits and resolves when nothing is left or `until` (epoch ms) has come. Calls that are under way
   * then go on in the background. Does not wait at all unless Kinesis is believed to be well. `isTelling`: whether a
   * Kinesis that is well would have been done by then, so that the breaker opens if no call was.
   */
  public async flush(until: number, { isTelling = true }: { isTelling?: boolean } = {}): Promise<void> {
    const { breaker, clock, delivery } = this.use;
    const mayWait = breaker.state === 'closed';
    const succeededBefore = delivery.succeededCalls;
    this.start('everything');
    if (!mayWait) return;
    const inTime = await settledBefore(clock, this.idle(), until);
    // The invocation has paid its whole bound for nothing: the next must not pay again.
    if (isTelling && !inTime && delivery.succeededCalls === succeededBefore) breaker.failed(true);
  }

  /** The last chance, at SHUTDOWN: everything in parallel until `until`, whatever the breaker says. */
  public async flushFinally(until: number): Promise<void> {
    const { buffer, client, clock, delivery } = this.use;
    if (!this.isFinal) client.hasten(Math.min(OLD_CALLS_MS, (until - clock.now()) / 3));
    this.isFinal = true;
    delivery.finish(until);
    do {
      this.lastResult = 'settled';
      this.start('everything');
      if (!(await settledBefore(clock, this.idle(), until))) return;
      // A refused permission will not be granted within a second; anything else is worth the time that is left.
    } while (buffer.sendableRecords > 0 && clock.now() + LAST_PASS_MS < until && !this.isParked());
  }

  private isParked(): boolean {
    return this.lastResult === 'parked';
  }

  private idle(): Promise<void> {
    return this.callsInFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.whenIdle.push(resolve));
  }

  private pump(): void {
    const { buffer, limits } = this.use;
    while (this.draining !== 'nothing' && this.hasFreePlace) {
      const everything = this.draining === 'everything';
      const isFull = buffer.sendableBytes >= limits.maxBytes || buffer.sendableRecords >= limits.maxRecords;
      const taken = everything || isFull ? buffer.take(limits, everything) : [];
      if (taken.length === 0) {
        this.draining = 'nothing';
        return;
      }
      void this.deliver(taken);
    }
  }

  private async deliver(taken: BufferedRecord[]): Promise<void> {
    const { buffer, prepare } = this.use;
    this.callsInFlight += 1;
    let isSlow = false;
    const cancelSlow = this.use.clock.after(SLOW_BATCH_MS, () => {
      isSlow = true;
      this.slowCalls += 1;
      this.pump();
    });
    try {
      const batch = prepare(taken);
      buffer.resize(sizeOf(batch) - sizeOf(taken));
      const result = await this.use.delivery.deliver(batch);
      if (result !== 'settled') {
        // Whoever starts the next flush tries again; going on at once would be the storm the retry budget forbids.
        this.draining = 'nothing';
        this.lastResult = result;
      }
    } catch (error) {
      this.use.log.error('sender', `sending failed unexpectedly: ${describe(error)}`);
    }
    cancelSlow();
    if (isSlow) this.slowCalls -= 1;
    this.callsInFlight -= 1;
    this.pump();
    if (this.callsInFlight === 0) for (const resolve of this.whenIdle.splice(0)) resolve();
  }

  private get hasFreePlace(): boolean {
    const { callsInFlight } = this;
    if (this.isFinal) return callsInFlight < CALLS_IN_FLIGHT_AT_SHUTDOWN;
    const { state } = this.use.breaker;
    if (state !== 'closed') return state === 'half-open' && callsInFlight === 0;
    return callsInFlight - this.slowCalls < CALLS_IN_FLIGHT && callsInFlight < CALLS_IN_FLIGHT_WITH_SLOW;
  }
}
