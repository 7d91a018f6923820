import { since } from './archive-query';

// What several of the delivery queries begin with, behind WITH.

/**
 * What the ledgers of each instance say at the last. Their counters only grow, so the largest is the latest, whatever
 * the order of arrival and however often a line is there.
 */
export function ledgers(days: number): string {
  return `ledgers AS (
  SELECT instance_id,
    max(function_name) AS function_name,
    max(received) AS received,
    max(delivered) AS delivered,
    max(dropped) AS dropped,
    max(dropped_by_lambda) AS dropped_by_lambda,
    max(records) AS records,
    max(record_bytes) AS record_bytes,
    max(calls) AS calls,
    max(retries) AS retries,
    max(throttled_records) AS throttled_records,
    max(breaker_openings) AS breaker_openings,
    max(last_error_code) AS last_error_code,
    max(CASE WHEN final THEN received END) AS final_received
  FROM events
  WHERE ${since(days)} AND type = 'extension.stats'
  GROUP BY instance_id
)`;
}

/**
 * The numbers of each instance, where each stands for itself and those behind it up to `last_seq`. An instance that was
 * there before the days looked at is counted from the first number seen, others from 1. A line `transform.filtered`
 * stands for the numbers from `seq` to `through_seq`, and they count as accounted for. After a change of the filter
 * such runs can overlap, hence `seq_before`: the highest number before a row, whatever the row before it.
 */
export function numbers(days: number): string {
  return `numbers AS (
  SELECT instance_id, seq,
    max(coalesce(through_seq, seq)) AS last_seq,
    max(CASE WHEN through_seq IS NULL THEN 1 ELSE 0 END) AS archived
  FROM events
  WHERE ${since(days)} AND seq IS NOT NULL
  GROUP BY instance_id, seq
),
instances AS (
  SELECT instance_id,
    max(function_name) AS function_name,
    min(time) AS first_seen,
    max(time) AS last_seen,
    min(seq) AS lowest_seq,
    max(coalesce(through_seq, seq)) AS highest_seq,
    CASE WHEN min(dt) > date_format(current_date - interval '${days}' day, '%Y-%m-%d') THEN 1 ELSE min(seq) END AS expected_from
  FROM events
  WHERE ${since(days)} AND seq IS NOT NULL
  GROUP BY instance_id
),
steps AS (
  SELECT numbers.instance_id, seq, last_seq, archived,
    coalesce(
      max(last_seq) OVER (PARTITION BY numbers.instance_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
      expected_from - 1
    ) AS seq_before
  FROM numbers JOIN instances ON instances.instance_id = numbers.instance_id
)`;
}
