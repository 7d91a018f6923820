import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { type Exchange, summary } from './exchanges';
import type { TelemetryFaults } from './faults';
import { type PlatformEvent, platform, type TelemetryEvent, type TelemetryType } from './telemetry-events';
import type { TelemetrySubscription } from './telemetry-subscription';

interface Batch {
  readonly items: string[];
  readonly events: TelemetryEvent[];
  bytes: number;
}

const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 1_000;
const MAX_QUEUE_BYTES = 64 * 1_024 * 1_024;

/**
 * One subscriber's way: events are gathered up to maxItems, maxBytes or timeoutMs, then posted as a JSON array, one
 * POST at a time, each until the listener takes it.
 */
export class TelemetryDelivery {
  /** Each event handed to this subscriber, in order. */
  public readonly produced: TelemetryEvent[] = [];
  /** Those the listener has answered for. */
  public readonly acknowledged: TelemetryEvent[] = [];
  /** Those that were dropped because the listener was too slow; a platform.logsDropped stands for them. */
  public readonly dropped: TelemetryEvent[] = [];

  private batch: Batch = { items: [], events: [], bytes: 0 };
  private timer: NodeJS.Timeout | undefined;
  private readonly queue: Batch[] = [];
  private queuedBytes = 0;
  private posting = false;
  private paused = false;
  private listening = true;
  private closed = false;
  private wake = new AbortController();
  private failuresLeft: number;
  private duplicatesLeft: number;
  private client: Client;

  public constructor(
    private subscription: TelemetrySubscription,
    private readonly faults: TelemetryFaults,
    private readonly exchanges: Exchange[],
  ) {
    this.failuresLeft = faults.postFailures ?? 0;
    this.duplicatesLeft =
      faults.duplicatePosts === true ? Number.POSITIVE_INFINITY : Number(faults.duplicatePosts ?? 0);
    this.client = connect(subscription.port);
  }

  /** The extension subscribed again: what waits goes to the new destination. */
  public redirect(subscription: TelemetrySubscription): void {
    const former = this.client;
    this.subscription = subscription;
    this.client = connect(subscription.port);
    this.listening = true;
    // Not destroyed: the answer of a process that has just ended may be unread, and its POST would be made again.
    former.close().catch(() => undefined);
    this.hurry();
  }

  /**
   * The extension's process has ended: what waits, waits for the next one. Its port may be another's by then, of a
   * sandbox beside this one.
   */
  public listenerEnded(): void {
    this.listening = false;
  }

  public enqueue(event: PlatformEvent): void {
    const type = event.type.split('.')[0] as TelemetryType;
    if (this.closed || !this.subscription.types.includes(type)) return;
    const asObject = event.recordJson !== undefined && this.subscription.schemaVersion !== '2022-07-01';
    const recordJson = asObject ? (event.recordJson as string) : JSON.stringify(event.record);
    const json = `{"time":${JSON.stringify(event.time)},"type":${JSON.stringify(event.type)},"record":${recordJson}}`;
    const produced = { time: event.time, type: event.type, record: asObject ? JSON.parse(recordJson) : event.record };
    const bytes = Buffer.byteLength(json) + 1;
    this.produced.push(produced);
    this.batch.items.push(json);
    this.batch.events.push(produced);
    this.batch.bytes += bytes;
    if (this.batch.items.length >= this.subscription.maxItems || this.batch.bytes >= this.subscription.maxBytes)
      this.flush();
    else this.timer ??= setTimeout(() => this.flush(), this.subscription.timeoutMs);
  }

  /** Cuts the batch now, whatever is in it. */
  public flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.batch.items.length > 0 && !this.closed) {
      this.queue.push(this.batch);
      this.queuedBytes += this.batch.bytes;
      this.batch = { items: [], events: [], bytes: 0 };
      this.boundQueue();
    }
    void this.pump();
  }

  public pause(): void {
    this.paused = true;
  }

  public resume(): void {
    this.paused = false;
    this.hurry();
  }

  public async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    this.wake.abort();
    await this.client.destroy();
  }

  private hurry(): void {
    this.wake.abort(); // ends a back-off: the listener may be back
    this.wake = new AbortController();
    void this.pump();
  }

  private boundQueue(): void {
    let records = 0;
    let bytes = 0;
    while (this.queuedBytes > (this.faults.maxQueueBytes ?? MAX_QUEUE_BYTES) && this.queue.length > 1) {
      // the head may be on the wire: the oldest that is not goes
      const oldest = this.queue.splice(this.posting ? 1 : 0, 1)[0] as Batch;
      this.queuedBytes -= oldest.bytes;
      records += oldest.events.length;
      bytes += oldest.bytes;
      for (const event of oldest.events) this.dropped.push(event);
    }
    if (records === 0) return;
    const reason = 'Consumer seems to have fallen behind as it has not acknowledged receipt of logs.';
    this.enqueue(platform.logsDropped({ droppedBytes: bytes, droppedRecords: records, reason }));
  }

  private get mayPost(): boolean {
    return this.listening && !this.paused && !this.closed;
  }

  private async pump(): Promise<void> {
    if (this.posting) return;
    this.posting = true;
    for (let attempt = 1; this.queue.length > 0 && this.mayPost; attempt += 1) {
      const batch = this.queue[0] as Batch;
      if (await this.post(batch, attempt)) {
        attempt = 0;
        this.queue.shift();
        this.queuedBytes -= batch.bytes;
        for (const event of batch.events) this.acknowledged.push(event);
      } else if (!this.closed) {
        const backOffMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10));
        await sleep(backOffMs, undefined, { signal: this.wake.signal }).catch(() => undefined);
      }
    }
    this.posting = false;
  }

  private async post(batch: Batch, attempt: number): Promise<boolean> {
    try {
      await this.faults.beforePost?.(batch.events, attempt);
      if (this.closed) return false;
      if (this.failuresLeft > 0) {
        this.failuresLeft -= 1;
        throw new Error('injected: the POST never reached the listener');
      }
      const body = `[${batch.items.join(',')}]`;
      if (this.duplicatesLeft > 0) {
        this.duplicatesLeft -= 1;
        await this.send(body);
      }
      return (await this.send(body)) < 400;
    } catch {
      return false; // no listener, a reset, a refusal: posted again
    }
  }

  private async send(body: string): Promise<number> {
    const headers = { 'content-type': 'application/json' };
    const { path } = this.subscription;
    const exchange: Exchange = {
      at: Date.now(),
      api: 'delivery',
      method: 'POST',
      path,
      requestHeaders: headers,
      requestBody: summary(body),
      requestBytes: Buffer.byteLength(body),
    };
    this.exchanges.push(exchange);
    const response = await this.client.request({ method: 'POST', path, headers, body });
    exchange.response = summary(await response.body.text());
    exchange.status = response.statusCode;
    exchange.answeredAt = Date.now();
    return response.statusCode;
  }
}

function connect(port: number): Client {
  // a frozen listener answers after its thaw, however late
  return new Client(`http://127.0.0.1:${port}`, { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } });
}
