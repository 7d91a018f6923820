import type * as glue from 'aws-cdk-lib/aws-glue';

/**
 * The top-level keys of the record schema, version 1 (docs/record-schema.md), as columns. `record` is the untouched
 * event as JSON text: keys of a function's own logs are nobody's to know.
 */
export const ARCHIVE_COLUMNS: readonly glue.CfnTable.ColumnProperty[] = columns({
  v: 'int',
  time: 'string',
  type: 'string',
  account_id: 'string',
  region: 'string',
  function_name: 'string',
  function_version: 'string',
  instance_id: 'string',
  seq: 'bigint',
  request_id: 'string',
  tags: 'map<string,string>',
  status: 'string',
  error_type: 'string',
  duration_ms: 'double',
  billed_duration_ms: 'double',
  init_duration_ms: 'double',
  max_memory_used_mb: 'int',
  memory_size_mb: 'int',
  message: 'string',
  record: 'string',
  truncated: 'boolean',
  original_bytes: 'bigint',
  // the ledger: lines of the type extension.stats
  final: 'boolean',
  received: 'bigint',
  delivered: 'bigint',
  dropped: 'bigint',
  dropped_by_reason: 'map<string,bigint>',
  held: 'bigint',
  held_bytes: 'bigint',
  truncated_events: 'bigint',
  dropped_by_lambda: 'bigint',
  repeated_posts: 'bigint',
  records: 'bigint',
  record_bytes: 'bigint',
  calls: 'bigint',
  retries: 'bigint',
  throttled_records: 'bigint',
  breaker_openings: 'bigint',
  last_error_code: 'string',
  // what the archive's transform adds; at the end, for tables that are there already
  level: 'string',
  attributes: 'map<string,string>',
  through_seq: 'bigint',
});

export const ARCHIVE_PARTITIONS: readonly glue.CfnTable.ColumnProperty[] = columns({ dt: 'string', hour: 'string' });

function columns(types: Record<string, string>): glue.CfnTable.ColumnProperty[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}
