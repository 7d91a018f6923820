import { type ArchiveQuery, since } from './archive-query';

/** What functions have logged, and what was lost of it. */
export const LOG_QUERIES: readonly ArchiveQuery[] = [
  {
    name: 'error-log-lines',
    description: 'The last 200 log lines of a level or with words of an error (1 day)',
    sql: `SELECT DISTINCT time, function_name, request_id,
  coalesce(message, record) AS line,
  instance_id, seq
FROM events
WHERE ${since(1)} AND type = 'function' AND (
  upper(json_extract_scalar(record, '$.level')) IN ('ERROR', 'FATAL', 'CRITICAL')
  OR regexp_like(message, '\\b(ERROR|FATAL|CRITICAL|Exception|Traceback)\\b')
)
ORDER BY time DESC, instance_id, seq DESC
LIMIT 200
`,
  },
  {
    name: 'logs-dropped',
    description: 'Log lines that Lambda itself dropped before the extension got them, by hour (7 days)',
    sql: `WITH reports AS (
  SELECT DISTINCT instance_id, seq, time, function_name, record
  FROM events
  WHERE ${since(7)} AND type = 'platform.logsDropped'
)
SELECT date_trunc('hour', from_iso8601_timestamp(time)) AS hour_utc, function_name,
  sum(CAST(json_extract_scalar(record, '$.droppedRecords') AS bigint)) AS dropped_records,
  sum(CAST(json_extract_scalar(record, '$.droppedBytes') AS bigint)) AS dropped_bytes,
  max(json_extract_scalar(record, '$.reason')) AS reason
FROM reports
GROUP BY date_trunc('hour', from_iso8601_timestamp(time)), function_name
ORDER BY hour_utc DESC, function_name
`,
  },
  {
    name: 'daily-volume',
    description: 'Events by day, function and type (30 days)',
    sql: `WITH lines AS (
  SELECT DISTINCT dt, instance_id, seq, function_name, type,
    coalesce(length(message), 0) + coalesce(length(record), 0) AS characters
  FROM events
  WHERE ${since(30)} AND seq IS NOT NULL AND through_seq IS NULL
)
SELECT dt, function_name, type,
  count(*) AS events,
  sum(characters) AS characters
FROM lines
GROUP BY dt, function_name, type
ORDER BY dt DESC, events DESC, function_name, type
`,
  },
];
