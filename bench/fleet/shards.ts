import { createHash } from 'node:crypto';
import { quantile } from '../statistics';

/** A shard takes so much a second (Kinesis quotas). */
const SHARD_BYTES = 1_048_576;
const SHARD_RECORDS = 1_000;

export interface ShardLoad {
  /** Bytes over the whole run, relative to the mean of all shards. */
  readonly p99: number;
  readonly max: number;
  /** The share of all bytes that came to a shard beyond its limit within one second: throttled, and sent again. */
  readonly throttledShare: number;
}

/** Shards of equal key ranges, as a new stream has them; a key's place is its MD5, as in the service. */
export class Shards {
  private readonly bytes: Float64Array;
  private readonly secondBytes: Float64Array;
  private readonly secondRecords: Float64Array;
  private total = 0;

  public constructor(
    private readonly count: number,
    private readonly seconds: number,
  ) {
    this.bytes = new Float64Array(count);
    this.secondBytes = new Float64Array(count * seconds);
    this.secondRecords = new Float64Array(count * seconds);
  }

  public put(second: number, key: string, bytes: number): void {
    const hash = createHash('md5').update(key).digest().readUInt32BE(0);
    const shard = Math.floor((hash / 2 ** 32) * this.count);
    const at = shard * this.seconds + second;
    this.bytes[shard] = (this.bytes[shard] as number) + bytes;
    this.secondBytes[at] = (this.secondBytes[at] as number) + bytes;
    this.secondRecords[at] = (this.secondRecords[at] as number) + 1;
    this.total += bytes;
  }

  public load(): ShardLoad {
    let throttled = 0;
    for (let at = 0; at < this.secondBytes.length; at += 1) {
      const [bytes, records] = [this.secondBytes[at] as number, this.secondRecords[at] as number];
      const share = Math.max(0, 1 - SHARD_BYTES / bytes, 1 - SHARD_RECORDS / records);
      if (bytes > 0) throttled += bytes * share;
    }
    const mean = this.total / this.count;
    const relative = [...this.bytes].map((bytes) => bytes / mean);
    return { p99: quantile(relative, 0.99), max: quantile(relative, 1), throttledShare: throttled / this.total };
  }

  /** Shards that carry the load at half their limits. */
  public static countFor(bytesPerSecond: number, recordsPerSecond: number): number {
    return Math.max(1, Math.ceil(2 * Math.max(bytesPerSecond / SHARD_BYTES, recordsPerSecond / SHARD_RECORDS)));
  }
}
