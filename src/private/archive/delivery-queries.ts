import { type ArchiveQuery, since } from './archive-query';
import { ledgers, numbers } from './delivery-tables';

/** Whether everything arrived, and what the extension had to do for it. */
export const DELIVERY_QUERIES: readonly ArchiveQuery[] = [
  {
    name: 'extension-overhead',
    description: 'What the extension added behind the handler, by function, in ms (1 day)',
    sql: `WITH done AS (
  SELECT request_id, max(duration_ms) AS duration_ms
  FROM events
  WHERE ${since(1)} AND type = 'platform.runtimeDone' AND status = 'success'
  GROUP BY request_id
),
reports AS (
  SELECT request_id, max(function_name) AS function_name, max(duration_ms) AS duration_ms
  FROM events
  WHERE ${since(1)} AND type = 'platform.report' AND status = 'success'
  GROUP BY request_id
)
SELECT reports.function_name,
  count(*) AS invocations,
  approx_percentile(reports.duration_ms - done.duration_ms, 0.5) AS p50_ms,
  approx_percentile(reports.duration_ms - done.duration_ms, 0.95) AS p95_ms,
  approx_percentile(reports.duration_ms - done.duration_ms, 0.99) AS p99_ms,
  max(reports.duration_ms - done.duration_ms) AS max_ms
FROM reports JOIN done ON done.request_id = reports.request_id
GROUP BY reports.function_name
ORDER BY p95_ms DESC, function_name
`,
  },
  {
    name: 'extension-health',
    description: 'The ledgers of the extension, by function: events, calls, retries, losses (7 days)',
    sql: `WITH ${ledgers(7)}
SELECT function_name,
  count(*) AS instances,
  count(final_received) AS closed_instances,
  sum(received) AS received,
  sum(delivered) AS delivered,
  sum(dropped) AS dropped,
  sum(dropped_by_lambda) AS dropped_by_lambda,
  sum(records) AS records,
  sum(record_bytes) AS record_bytes,
  sum(calls) AS calls,
  sum(retries) AS retries,
  sum(throttled_records) AS throttled_records,
  sum(breaker_openings) AS breaker_openings,
  max(last_error_code) AS last_error_code
FROM ledgers
GROUP BY function_name
ORDER BY dropped DESC, received DESC, function_name
`,
  },
  {
    name: 'gaps',
    description: 'Numbers that are missing, by instance (3 days); delivery-by-instance says whether they are lost',
    sql: `WITH ${numbers(3)},
${ledgers(3)},
gaps AS (
  SELECT instance_id, seq_before + 1 AS missing_from, seq - 1 AS missing_to FROM steps WHERE seq > seq_before + 1
  UNION ALL
  SELECT ledgers.instance_id, coalesce(highest_seq, 0) + 1 AS missing_from, final_received AS missing_to
  FROM ledgers LEFT JOIN instances ON instances.instance_id = ledgers.instance_id
  WHERE final_received > coalesce(highest_seq, 0)
)
SELECT coalesce(instances.function_name, ledgers.function_name) AS function_name, gaps.instance_id,
  missing_from, missing_to,
  missing_to - missing_from + 1 AS missing,
  last_seen
FROM gaps
LEFT JOIN instances ON instances.instance_id = gaps.instance_id
LEFT JOIN ledgers ON ledgers.instance_id = gaps.instance_id
ORDER BY gaps.instance_id, missing_from
LIMIT 1000
`,
  },
  {
    name: 'delivery-by-instance',
    description: 'Events there, filtered out, missing and dropped, by instance, with a verdict (3 days)',
    sql: `WITH ${numbers(3)},
${ledgers(3)},
counted AS (
  SELECT instance_id,
    sum(archived) AS events,
    sum(greatest(last_seq - greatest(seq_before, seq - 1), 0)) AS accounted
  FROM steps
  GROUP BY instance_id
),
books AS (
  SELECT coalesce(instances.instance_id, ledgers.instance_id) AS instance_id,
    coalesce(instances.function_name, ledgers.function_name) AS function_name,
    last_seen,
    coalesce(events, 0) AS events,
    coalesce(accounted - events, 0) AS filtered,
    greatest(coalesce(highest_seq, 0), coalesce(final_received, 0)) - coalesce(expected_from, 1) + 1 - coalesce(accounted, 0) AS missing,
    coalesce(dropped, 0) AS dropped,
    final_received IS NOT NULL AS closed
  FROM instances
  LEFT JOIN counted ON counted.instance_id = instances.instance_id
  FULL OUTER JOIN ledgers ON ledgers.instance_id = instances.instance_id
)
SELECT function_name, instance_id, last_seen, events, filtered, missing, dropped, closed,
  CASE
    WHEN missing = 0 THEN 'complete'
    WHEN missing <= dropped THEN 'dropped'
    WHEN closed THEN 'lost'
    ELSE 'pending'
  END AS verdict
FROM books
ORDER BY CASE WHEN missing > dropped THEN 0 ELSE 1 END, missing DESC, last_seen DESC, instance_id
LIMIT 1000
`,
  },
  {
    name: 'duplicates',
    description: 'Events that are there more than once, by day and function (3 days)',
    sql: `WITH copies AS (
  SELECT instance_id, seq,
    min(dt) AS dt,
    max(function_name) AS function_name,
    count(*) AS copies
  FROM events
  WHERE ${since(3)} AND seq IS NOT NULL AND through_seq IS NULL
  GROUP BY instance_id, seq
)
SELECT dt, function_name,
  count(*) AS events,
  sum(copies - 1) AS duplicates,
  round(1e2 * sum(copies - 1) / count(*), 3) AS duplicate_percent,
  max(copies) AS most_copies
FROM copies
GROUP BY dt, function_name
ORDER BY dt DESC, duplicates DESC, function_name
`,
  },
];
