import { type ArchiveQuery, since } from './archive-query';

/** What the reports of the platform say about functions. */
export const FUNCTION_QUERIES: readonly ArchiveQuery[] = [
  {
    name: 'cold-starts',
    description: 'Cold starts by function and version: how many, how long (7 days)',
    sql: `WITH reports AS (
  SELECT DISTINCT instance_id, seq, function_name, function_version, init_duration_ms
  FROM events
  WHERE ${since(7)} AND type = 'platform.report'
)
SELECT function_name, function_version,
  count(*) AS invocations,
  count(init_duration_ms) AS cold_starts,
  round(1e2 * count(init_duration_ms) / count(*), 2) AS cold_start_percent,
  approx_percentile(init_duration_ms, 0.5) AS init_p50_ms,
  approx_percentile(init_duration_ms, 0.95) AS init_p95_ms,
  max(init_duration_ms) AS init_max_ms
FROM reports
GROUP BY function_name, function_version
ORDER BY cold_starts DESC, function_name, function_version
`,
  },
  {
    name: 'duration-by-hour',
    description: 'Percentiles of the duration by function and hour (2 days)',
    sql: `WITH reports AS (
  SELECT DISTINCT instance_id, seq, time, function_name, duration_ms
  FROM events
  WHERE ${since(2)} AND type = 'platform.report' AND duration_ms IS NOT NULL
)
SELECT date_trunc('hour', from_iso8601_timestamp(time)) AS hour_utc, function_name,
  count(*) AS invocations,
  approx_percentile(duration_ms, 0.5) AS p50_ms,
  approx_percentile(duration_ms, 0.9) AS p90_ms,
  approx_percentile(duration_ms, 0.99) AS p99_ms,
  max(duration_ms) AS max_ms
FROM reports
GROUP BY date_trunc('hour', from_iso8601_timestamp(time)), function_name
ORDER BY hour_utc DESC, function_name
`,
  },
  {
    name: 'cost-by-function',
    description: 'Estimated cost of Lambda by function (30 days); the prices stand at the top',
    sql: `WITH prices AS (
  -- US dollars, x86_64, us-east-1, first tier; arm64: 1.33334e-5. Your own prices go here.
  SELECT 1.66667e-5 AS gb_second, 2e-7 AS request
),
reports AS (
  SELECT DISTINCT instance_id, seq, function_name, billed_duration_ms, memory_size_mb
  FROM events
  WHERE ${since(30)} AND type = 'platform.report' AND billed_duration_ms IS NOT NULL
)
SELECT function_name,
  count(*) AS invocations,
  round(sum(billed_duration_ms / 1e3 * memory_size_mb / 1024), 6) AS gb_seconds,
  round(sum(billed_duration_ms / 1e3 * memory_size_mb / 1024 * gb_second + request), 6) AS dollars
FROM reports CROSS JOIN prices
GROUP BY function_name
ORDER BY dollars DESC, function_name
`,
  },
  {
    name: 'memory-over-provisioned',
    description: 'Functions that never used 60 % of their memory (14 days)',
    sql: `SELECT function_name, memory_size_mb,
  max(max_memory_used_mb) AS max_memory_used_mb,
  round(1e2 * max(max_memory_used_mb) / memory_size_mb, 1) AS used_percent,
  count(DISTINCT request_id) AS invocations
FROM events
WHERE ${since(14)} AND type = 'platform.report' AND max_memory_used_mb IS NOT NULL
GROUP BY function_name, memory_size_mb
HAVING max(max_memory_used_mb) < 0.6 * memory_size_mb
ORDER BY used_percent, function_name
`,
  },
  {
    name: 'errors-and-timeouts',
    description:
      'Crashes, time-outs and failures, by function, status and type of error (7 days); to the platform an exception of the handler is a success: see error-log-lines',
    sql: `-- reports alone: platform.runtimeDone tells of the same failures once more
WITH failures AS (
  SELECT DISTINCT instance_id, seq, time, function_name, status, error_type
  FROM events
  WHERE ${since(7)} AND type = 'platform.report' AND status IN ('error', 'failure', 'timeout')
)
SELECT function_name, status, error_type,
  count(*) AS failures,
  min(time) AS first_seen,
  max(time) AS last_seen
FROM failures
GROUP BY function_name, status, error_type
ORDER BY failures DESC, function_name, status, error_type
`,
  },
  {
    name: 'slowest-requests',
    description: 'The 50 longest invocations (1 day)',
    sql: `SELECT DISTINCT function_name, request_id, time, duration_ms, init_duration_ms, max_memory_used_mb, status, instance_id, seq
FROM events
WHERE ${since(1)} AND type = 'platform.report' AND duration_ms IS NOT NULL
ORDER BY duration_ms DESC, instance_id, seq
LIMIT 50
`,
  },
];
