/** List prices in US dollars, us-east-1, as of November 2026 (AWS pricing page; reference: kinesis.md, section 1.5). */
export const PRICES = {
  region: 'us-east-1',
  asOf: 'November 2026',
  /** Provisioned: a million PUT payload units, each started 25 KB of a record. */
  millionPayloadUnits: 0.014,
  /** Provisioned: one shard for one hour. */
  shardHour: 0.015,
  /** On-demand Standard: a GB in, each record rounded up to 1 KiB. */
  onDemandGbIn: 0.08,
} as const;

const PAYLOAD_UNIT_BYTES = 25_000;
const ON_DEMAND_ROUNDING_BYTES = 1_024;
const GB = 2 ** 30;
const SHARD_BYTES_PER_SECOND = 2 ** 20;
const SHARD_RECORDS_PER_SECOND = 1_000;
/** Shards are paid for in full and used at half on average. */
const SHARD_USE = 0.5;

export interface CostPerMillionEvents {
  readonly onDemand: number;
  readonly provisioned: number;
}

/** What Kinesis bills for these records, per million of the events in them; without stream-hours and reading. */
export function costPerMillionEvents(recordBytes: readonly number[], events: number): CostPerMillionEvents {
  const factor = 1_000_000 / Math.max(1, events);
  const sum = (of: (bytes: number) => number): number => recordBytes.reduce((total, bytes) => total + of(bytes), 0);
  const onDemandBytes = sum((bytes) => Math.ceil(bytes / ON_DEMAND_ROUNDING_BYTES) * ON_DEMAND_ROUNDING_BYTES);
  const payloadUnits = sum((bytes) => Math.ceil(bytes / PAYLOAD_UNIT_BYTES));
  const shardSeconds =
    Math.max(sum((bytes) => bytes) / SHARD_BYTES_PER_SECOND, recordBytes.length / SHARD_RECORDS_PER_SECOND) / SHARD_USE;
  return {
    onDemand: (onDemandBytes / GB) * PRICES.onDemandGbIn * factor,
    provisioned:
      ((payloadUnits / 1e6) * PRICES.millionPayloadUnits + (shardSeconds / 3_600) * PRICES.shardHour) * factor,
  };
}
