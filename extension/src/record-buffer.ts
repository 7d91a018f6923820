import { type BatchLimits, batchLength } from './batcher';
import type { Span } from './record-encoder';

/** Lines that travel as one Kinesis record. */
export interface BufferedRecord {
  readonly data: Buffer;
  /** Lambda's events among its lines. */
  readonly events: number;
  /** The data is gzip already. */
  readonly compressed?: boolean;
  /** Set where all lines belong to one request and the partition key is chosen by it. */
  readonly requestId?: string;
  readonly openedAt: number;
}

/** What the buffer has to know about a line. */
export interface NewLine {
  /** Absent for a line that is no event of Lambda's. */
  readonly seq?: number;
  readonly requestId?: string;
  /** Epoch ms. */
  readonly now: number;
}

export interface RecordBufferLimits {
  /** Bound on everything held: open, waiting and in flight. */
  readonly maxBufferBytes: number;
  /** A record is closed before it would grow beyond this; a longer line gets a record of its own. */
  readonly packBytes: number;
  readonly packLines: number;
  /** One request a record, for the partition key `request`. */
  readonly separateRequests: boolean;
}

/** Share of the budget that is kept as memory for new packs once it has been used. */
const SPARE_SHARE = 0.5;

/**
 * Packs lines into records and holds them until they are delivered, in one budget of bytes. Full, the oldest that
 * is not in flight goes (design rule 6); `onEvicted` counts it.
 */
export class RecordBuffer {
  private readonly spare: Buffer[] = [];
  private waiting: BufferedRecord[] = [];
  private open: Buffer | undefined;
  private openBytes = 0;
  private openLines = 0;
  private openEvents = 0;
  private openRequestId: string | undefined;
  private openedAt = 0;
  private waitingBytes = 0;
  private inFlightBytes = 0;

  public constructor(
    private readonly limits: RecordBufferLimits,
    private readonly onEvicted: (record: BufferedRecord) => void,
  ) {}

  /**
   * Room for one line of exactly `bytes` bytes, which the caller writes at once; undefined when everything that
   * fills the budget is in flight.
   */
  public reserve(bytes: number, line: NewLine): Span | undefined {
    const { packBytes, packLines, separateRequests } = this.limits;
    const foreign = separateRequests && this.openLines > 0 && line.requestId !== this.openRequestId;
    if (this.openBytes + bytes > packBytes || this.openLines >= packLines || foreign) this.close();
    if (!this.makeRoom(bytes)) return undefined;
    if (this.open === undefined) {
      this.open = this.allocate(packLines === 1 ? bytes : Math.max(bytes, packBytes));
      this.openRequestId = separateRequests ? line.requestId : undefined;
      this.openedAt = line.now;
    }
    const at = this.openBytes;
    this.openBytes += bytes;
    this.openLines += 1;
    if (line.seq !== undefined) this.openEvents += 1;
    return { target: this.open, at };
  }

  /**
   * Takes the oldest records for one call; the taken bytes count as in flight until released or given back. The open
   * record is closed and taken too when `includeOpen` and there is room for it.
   */
  public take(limits: BatchLimits, includeOpen: boolean): BufferedRecord[] {
    if (includeOpen && this.waitingBytes < limits.maxBytes && this.waiting.length < limits.maxRecords) this.close();
    const count = batchLength(this.waiting, limits);
    const taken = this.waiting.splice(0, count);
    const takenBytes = sizeOf(taken);
    this.waitingBytes -= takenBytes;
    this.inFlightBytes += takenBytes;
    return taken;
  }

  /** Puts taken records back in front: they are older than what has arrived since. */
  public giveBack(records: readonly BufferedRecord[]): void {
    const bytes = sizeOf(records);
    this.inFlightBytes -= bytes;
    this.waitingBytes += bytes;
    this.waiting = records.concat(this.waiting);
    this.makeRoom(0);
  }

  /** Taken records are no longer held: delivered, or dropped and counted by the caller. */
  public release(records: readonly BufferedRecord[]): void {
    this.inFlightBytes -= sizeOf(records);
    for (const { data } of records) this.recycle(data);
  }

  /** Forgets everything, at the end of the process; the caller has counted it. */
  public discard(): void {
    this.close();
    this.waiting = [];
    this.waitingBytes = 0;
    this.inFlightBytes = 0;
  }

  /** Taken records took on another size (compression). */
  public resize(byBytes: number): void {
    this.inFlightBytes += byBytes;
  }

  public get heldBytes(): number {
    return this.waitingBytes + this.inFlightBytes + this.openBytes;
  }

  /** Bytes that wait to be sent, the open record among them. */
  public get sendableBytes(): number {
    return this.waitingBytes + this.openBytes;
  }

  public get sendableRecords(): number {
    return this.waiting.length + (this.openLines > 0 ? 1 : 0);
  }

  /** When the oldest waiting line arrived, epoch ms. */
  public get oldestAt(): number | undefined {
    return this.waiting[0]?.openedAt ?? (this.openLines > 0 ? this.openedAt : undefined);
  }

  private close(): void {
    if (this.open === undefined) return;
    const used = this.open.subarray(0, this.openBytes);
    // A record that uses little of its allocation would hold the rest of it as well.
    const data = used.length * 2 < this.open.length ? Buffer.from(used) : used;
    if (data !== used) this.recycle(this.open);
    this.waiting.push({
      data,
      events: this.openEvents,
      requestId: this.openRequestId,
      openedAt: this.openedAt,
    });
    this.waitingBytes += data.length;
    this.open = undefined;
    this.openBytes = 0;
    this.openLines = 0;
    this.openEvents = 0;
  }

  private allocate(bytes: number): Buffer {
    return (bytes === this.limits.packBytes ? this.spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes);
  }

  /** Keeps the memory of a pack for the next one: V8 would free it only after tens of MiB have gathered. */
  private recycle(data: Buffer): void {
    const { packBytes, maxBufferBytes } = this.limits;
    if (data.buffer.byteLength !== packBytes || this.spare.length * packBytes >= maxBufferBytes * SPARE_SHARE) return;
    this.spare.push(Buffer.from(data.buffer));
  }

  /** Evicts the oldest until `bytes` more fit; false when they cannot. */
  private makeRoom(bytes: number): boolean {
    const { maxBufferBytes } = this.limits;
    if (this.heldBytes - this.waitingBytes + bytes > maxBufferBytes) return false;
    while (this.heldBytes + bytes > maxBufferBytes && this.waiting.length > 0) {
      const oldest = this.waiting.shift() as BufferedRecord;
      this.waitingBytes -= oldest.data.length;
      this.onEvicted(oldest);
      this.recycle(oldest.data);
    }
    return this.heldBytes + bytes <= maxBufferBytes;
  }
}

export function sizeOf(records: readonly BufferedRecord[]): number {
  let bytes = 0;
  for (const record of records) bytes += record.data.length;
  return bytes;
}
