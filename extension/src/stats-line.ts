import type { Identity } from './identity';
import type { Ledger } from './ledger';

export interface StatsContext {
  readonly identity: Identity;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly now: number;
  readonly heldBytes: number;
  readonly breakerOpenings: number;
  /** The last line of this process. */
  readonly final: boolean;
}

/** The ledger as a line of its own among the telemetry (docs/record-schema.md): no `seq`, which numbers Lambda's events. */
export function statsLine(ledger: Ledger, context: StatsContext): Buffer {
  const { identity, tags } = context;
  return Buffer.from(
    `${JSON.stringify({
      v: 1,
      time: new Date(context.now).toISOString(),
      type: 'extension.stats',
      account_id: identity.accountId,
      region: identity.region,
      function_name: identity.functionName,
      function_version: identity.functionVersion,
      instance_id: identity.instanceId,
      tags: Object.keys(tags).length === 0 ? undefined : tags,
      final: context.final || undefined,
      received: ledger.received,
      delivered: ledger.delivered,
      dropped: ledger.dropped,
      dropped_by_reason: ledger.droppedByReason,
      held: ledger.held,
      held_bytes: context.heldBytes,
      truncated_events: ledger.truncated,
      dropped_by_lambda: ledger.droppedByLambda,
      repeated_posts: ledger.repeatedPosts,
      records: ledger.deliveredRecords,
      record_bytes: ledger.deliveredBytes,
      calls: ledger.calls,
      retries: ledger.retries,
      throttled_records: ledger.throttled,
      breaker_openings: context.breakerOpenings,
      last_error_code: ledger.lastErrorCode,
    })}\n`,
  );
}
