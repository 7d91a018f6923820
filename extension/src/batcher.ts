export interface BatchLimits {
  /** 500: PutRecords API reference. */
  readonly maxRecords: number;
  /** Data and partition keys of one call; the service takes 10 MiB, which is a limit and no target. */
  readonly maxBytes: number;
}

export const DEFAULT_BATCH_LIMITS: BatchLimits = { maxRecords: 500, maxBytes: 1_048_576 };

/** A partition key counts toward the size of its record and call; ours are never longer. */
export const PARTITION_KEY_BYTES = 64;

/** How many of `records`, from the first on, go into one call. A record that is larger than a call goes alone. */
export function batchLength(records: readonly { readonly data: Buffer }[], limits: BatchLimits): number {
  let bytes = 0;
  for (let count = 0; count < records.length; count += 1) {
    bytes += (records[count] as { data: Buffer }).data.length + PARTITION_KEY_BYTES;
    if (count === limits.maxRecords || (count > 0 && bytes > limits.maxBytes)) return count;
  }
  return records.length;
}
