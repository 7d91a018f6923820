/** A query of the archive's workgroup. Name and columns of the answer are contract. */
export interface ArchiveQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/**
 * The rows of the last days, for `dt` is what Athena bills by. Kinesis and Firehose deliver at least once: every
 * query that counts takes DISTINCT rows with `instance_id` and `seq` in them.
 */
export function since(days: number): string {
  return `dt >= date_format(current_date - interval '${days}' day, '%Y-%m-%d')`;
}
