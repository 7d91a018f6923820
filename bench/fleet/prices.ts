/** List prices of us-east-1 in dollars, as of November 2026; see docs/cost-and-scale.md. */
const GIGABYTE = 1e9;
const SHARD_HOUR = 0.015;
const MILLION_PAYLOAD_UNITS = 0.014;
const PAYLOAD_UNIT_BYTES = 25_000;
const ON_DEMAND_GIGABYTE = 0.08;
const ON_DEMAND_STEP_BYTES = 1_024;
const CLOUDWATCH_GIGABYTE = 0.5;
/** CloudWatch Logs adds this to each event before it bills (PutLogEvents). */
const CLOUDWATCH_EVENT_BYTES = 26;

export interface Volume {
  readonly events: number;
  /** The sizes of all records, with their keys. */
  readonly recordBytes: readonly number[];
  readonly shards: number;
  readonly seconds: number;
}

/** Dollars for a million events into a stream whose shards were chosen for this load. */
export function provisionedDollars({ events, recordBytes, shards, seconds }: Volume): number {
  const units = recordBytes.reduce((sum, bytes) => sum + Math.ceil(bytes / PAYLOAD_UNIT_BYTES), 0);
  return ((units / 1e6) * MILLION_PAYLOAD_UNITS + (shards * seconds * SHARD_HOUR) / 3_600) * (1e6 / events);
}

/** Dollars for a million events into an on-demand stream, without its hourly price. */
export function onDemandDollars({ events, recordBytes }: Volume): number {
  const billed = recordBytes.reduce(
    (sum, bytes) => sum + Math.ceil(bytes / ON_DEMAND_STEP_BYTES) * ON_DEMAND_STEP_BYTES,
    0,
  );
  return (billed / GIGABYTE) * ON_DEMAND_GIGABYTE * (1e6 / events);
}

/** Dollars for a million events of `lineBytes` into CloudWatch Logs. */
export function cloudWatchDollars(lineBytes: number): number {
  return (((lineBytes + CLOUDWATCH_EVENT_BYTES) * 1e6) / GIGABYTE) * CLOUDWATCH_GIGABYTE;
}
