import { createHash } from 'node:crypto';
import { DEFAULT_MAX_RECORD_BYTES, type PutRecord } from './kinesis-fake-limits';

export interface StoredRecord {
  readonly data: Buffer;
  readonly partitionKey: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  /** Epoch ms. */
  readonly arrivedAt: number;
}

export interface StreamDefinition {
  readonly name: string;
  /** @default 1 */
  readonly shards?: number;
  /** @default 1 MiB */
  readonly maxRecordBytes?: number;
}

const SHARD_RECORDS_PER_SECOND = 1_000;
const SHARD_BYTES_PER_SECOND = 1_024 * 1_024;
const FIRST_SEQUENCE_NUMBER = 49_600_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n;

/** Tokens that come back at a constant rate, up to one second's worth. */
class TokenBucket {
  private tokens: number;
  private filledAt: number;

  public constructor(
    private readonly perSecond: number,
    private readonly nowMs: () => number,
  ) {
    this.tokens = perSecond;
    this.filledAt = nowMs();
  }

  public has(count: number): boolean {
    const now = this.nowMs();
    this.tokens = Math.min(this.perSecond, this.tokens + ((now - this.filledAt) / 1_000) * this.perSecond);
    this.filledAt = now;
    return this.tokens >= count;
  }

  public take(count: number): void {
    this.tokens -= count;
  }
}

export class FakeShard {
  public readonly records: StoredRecord[] = [];
  private readonly recordTokens: TokenBucket;
  private readonly byteTokens: TokenBucket;

  public constructor(
    public readonly id: string,
    public readonly startingHashKey: bigint,
    public readonly endingHashKey: bigint,
    nowMs: () => number,
  ) {
    this.recordTokens = new TokenBucket(SHARD_RECORDS_PER_SECOND, nowMs);
    this.byteTokens = new TokenBucket(SHARD_BYTES_PER_SECOND, nowMs);
  }

  /** Takes the record's share of this second, or says that it is used up. */
  public admits(record: PutRecord): boolean {
    if (!this.recordTokens.has(1) || !this.byteTokens.has(record.bytes)) return false;
    this.recordTokens.take(1);
    this.byteTokens.take(record.bytes);
    return true;
  }
}

/** A stream: shards that split the 128-bit hash space evenly. */
export class FakeStream {
  public readonly shards: readonly FakeShard[];
  public readonly name: string;
  public readonly createdAt = Date.now();
  public readonly maxRecordBytes: number;
  public readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  private nextSequenceNumber = FIRST_SEQUENCE_NUMBER;

  public constructor(
    definition: StreamDefinition,
    public readonly arn: string,
    mode: 'PROVISIONED' | 'ON_DEMAND' = 'PROVISIONED',
    nowMs: () => number = () => performance.now(),
  ) {
    this.name = definition.name;
    this.mode = mode;
    this.maxRecordBytes = definition.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
    const count = definition.shards ?? (mode === 'ON_DEMAND' ? 4 : 1);
    const width = 2n ** 128n / BigInt(count);
    this.shards = Array.from({ length: count }, (_, index) => {
      const end = index === count - 1 ? 2n ** 128n - 1n : width * BigInt(index + 1) - 1n;
      return new FakeShard(`shardId-${String(index).padStart(12, '0')}`, width * BigInt(index), end, nowMs);
    });
  }

  public shardOf(record: PutRecord): FakeShard {
    const hash = record.explicitHashKey
      ? BigInt(record.explicitHashKey)
      : BigInt(`0x${createHash('md5').update(record.partitionKey).digest('hex')}`);
    return this.shards.find((shard) => hash <= shard.endingHashKey) as FakeShard;
  }

  public store(record: PutRecord): StoredRecord {
    const shard = this.shardOf(record);
    const stored = {
      data: record.data,
      partitionKey: record.partitionKey,
      shardId: shard.id,
      sequenceNumber: String(this.nextSequenceNumber),
      arrivedAt: Date.now(),
    };
    this.nextSequenceNumber += 1n;
    shard.records.push(stored);
    return stored;
  }

  /** Of all shards, in order of arrival. */
  public get records(): StoredRecord[] {
    return this.shards
      .flatMap((shard) => shard.records)
      .sort((a, b) => (BigInt(a.sequenceNumber) < BigInt(b.sequenceNumber) ? -1 : 1));
  }

  /** Drops the records stored so far: a long test reads and forgets. */
  public forget(): void {
    for (const shard of this.shards) shard.records.length = 0;
  }
}
