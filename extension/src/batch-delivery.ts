import type { CircuitBreaker } from './circuit-breaker';
import type { Clock } from './clock';
import { isKinesisError, type KinesisClient, type RecordOutcome } from './kinesis-client';
import type { Ledger } from './ledger';
import { describe, type Logger } from './logger';
import type { BufferedRecord, RecordBuffer } from './record-buffer';
import { classifyFailure, type FailureClass, pauseBeforeRetry } from './retry';
import type { RetryBudget } from './retry-budget';

export interface BatchDeliveryDependencies {
  readonly client: KinesisClient;
  readonly buffer: RecordBuffer;
  readonly ledger: Ledger;
  readonly breaker: CircuitBreaker;
  readonly budget: RetryBudget;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** Asked for every attempt: a record that was throttled gets another key, hence another shard. */
  readonly keyOf: (record: BufferedRecord) => string;
}

export type DeliveryResult = 'settled' | 'given-back' | 'parked';

const CALL_TIMEOUT_MS = 3_000;
const MAX_ATTEMPTS = 5;

interface Unsettled {
  readonly failure: FailureClass;
  readonly records: BufferedRecord[];
}

/**
 * Brings one batch to its end: every record delivered, refused for good and counted, or given back to the buffer.
 * PutRecords answers record by record, and only what failed is sent again.
 */
export class BatchDelivery {
  /** Calls that Kinesis answered with outcomes. */
  public succeededCalls = 0;
  private finalUntil: number | undefined;
  private readonly wakeUps = new Set<() => void>();

  public constructor(private readonly use: BatchDeliveryDependencies) {}

  /**
   * Call at SHUTDOWN: `until` (epoch ms) bounds every call and pause from here on, pauses that are under way end, and
   * the breaker and the retry budget no longer count.
   */
  public finish(until: number): void {
    this.finalUntil = until;
    for (const wakeUp of this.wakeUps) wakeUp();
  }

  public async deliver(batch: BufferedRecord[]): Promise<DeliveryResult> {
    let records = batch;
    const tried = new Set<FailureClass>();
    for (let attempt = 0; ; attempt += 1) {
      const unsettled = await this.callOnce(records);
      const { failure } = unsettled;
      records = unsettled.records;
      if (records.length === 0) return 'settled';
      if (failure === 'invalid') return this.deliverHalves(records);
      const isFree = (failure === 'reconnect' || failure === 'credentials') && !tried.has(failure);
      tried.add(failure);
      // Fresh credentials were refused too: as hopeless, for now, as a missing permission.
      const isHopeless = failure === 'park' || (failure === 'credentials' && !isFree);
      if (isHopeless) this.use.breaker.failed(true);
      if (isHopeless || !(isFree || (await this.mayRetry(failure, attempt)))) {
        this.use.buffer.giveBack(records);
        return isHopeless ? 'parked' : 'given-back';
      }
      this.use.ledger.retries += 1;
    }
  }

  private async callOnce(records: BufferedRecord[]): Promise<Unsettled> {
    const { client, ledger, breaker, budget, clock, keyOf, log } = this.use;
    const left = this.finalUntil === undefined ? CALL_TIMEOUT_MS : this.finalUntil - clock.now();
    ledger.calls += 1;
    try {
      const entries = records.map((record) => ({ data: record.data, partitionKey: keyOf(record) }));
      const outcomes = await client.putRecords(entries, Math.max(10, Math.min(CALL_TIMEOUT_MS, left)));
      this.succeededCalls += 1;
      breaker.succeeded();
      budget.succeeded();
      return this.settle(records, outcomes);
    } catch (error) {
      const { code, status } = isKinesisError(error) ? error : { code: 'Unexpected', status: undefined };
      const failure = classifyFailure(code, status);
      ledger.lastErrorCode = code;
      if (failure === 'throttle') ledger.throttled += records.length;
      if (failure === 'transient' || failure === 'throttle') breaker.failed();
      if (failure !== 'reconnect')
        log.warn(code, `PutRecords failed (${code}: ${describe(error)}); nothing is lost so far`);
      return { failure, records };
    }
  }

  /** Books what was written and what never will be; returns what is worth another try. */
  private settle(records: BufferedRecord[], outcomes: readonly RecordOutcome[]): Unsettled {
    const { buffer, ledger } = this.use;
    const settled: BufferedRecord[] = [];
    const remaining: BufferedRecord[] = [];
    let failure: FailureClass = 'transient';
    records.forEach((record, index) => {
      const code = outcomes[index]?.errorCode;
      const recordFailure = code === undefined ? undefined : classifyFailure(code);
      if (code !== undefined) ledger.lastErrorCode = code;
      if (recordFailure === undefined) {
        settled.push(record);
        ledger.delivered += record.events;
        ledger.deliveredRecords += 1;
        ledger.deliveredBytes += record.data.length;
      } else if (recordFailure === 'invalid') {
        settled.push(record);
        this.reject(record, code as string);
      } else {
        remaining.push(record);
        if (recordFailure === 'throttle') ledger.throttled += 1;
        if (recordFailure === 'park' || (recordFailure === 'throttle' && failure !== 'park')) failure = recordFailure;
      }
    });
    buffer.release(settled);
    this.use.log.debug(
      `PutRecords took ${settled.length} of ${records.length} records, ${ledger.delivered} events so far`,
    );
    return { failure, records: remaining };
  }

  /** One bad record makes Kinesis refuse the call: halve until it stands alone, so that its neighbours arrive. */
  private async deliverHalves(records: BufferedRecord[]): Promise<DeliveryResult> {
    const { buffer, breaker } = this.use;
    if (records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      const first = await this.deliver(records.slice(0, middle));
      if (first === 'parked') {
        // No such stream, or no permission: every other part would be refused alike, call by call.
        buffer.giveBack(records.slice(middle));
        return first;
      }
      const second = await this.deliver(records.slice(middle));
      return first === 'settled' ? second : first;
    }
    if (this.succeededCalls === 0 && this.finalUntil === undefined) {
      // No call has ever been accepted: the fault may lie in the stream's name rather than in this record.
      breaker.failed(true);
      buffer.giveBack(records);
      return 'parked';
    }
    buffer.release(records);
    for (const record of records) this.reject(record, this.use.ledger.lastErrorCode as string);
    return 'settled';
  }

  private reject(record: BufferedRecord, code: string): void {
    this.use.ledger.drop('rejected', record.events);
    this.use.log.error(
      'rejected',
      `Kinesis refused a record of ${record.data.length} bytes for good (${code}); ${record.events} events are dropped and counted`,
    );
  }

  private async mayRetry(failure: FailureClass, attempt: number): Promise<boolean> {
    const { budget, breaker, clock, random } = this.use;
    if (this.finalUntil !== undefined) {
      const pauseMs = pauseBeforeRetry('transient', Math.min(attempt, 1), random);
      if (clock.now() + pauseMs >= this.finalUntil) return false;
      await this.pause(pauseMs);
      return true;
    }
    if (attempt + 1 >= MAX_ATTEMPTS || breaker.state === 'open' || !budget.take()) return false;
    await this.pause(pauseBeforeRetry(failure, attempt, random));
    return true;
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wakeUp = () => {
        cancel();
        this.wakeUps.delete(wakeUp);
        resolve();
      };
      const cancel = this.use.clock.after(ms, wakeUp);
      this.wakeUps.add(wakeUp);
    });
  }
}
