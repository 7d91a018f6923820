/**
 * A file of the bundle that is loaded only where it is asked for: the ledger as lines of CloudWatch's embedded metric
 * format, which CloudWatch Logs makes metrics of, without a call or a permission of ours.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { Identity } from './identity';
import type { Ledger } from './ledger';

/** Contract, with the names of metrics and dimensions: src/private/monitoring/monitored-metrics.ts repeats them, and a test compares. */
export const NAMESPACE = 'KinesisTelemetryExtension';

/** Written even when they are 0: together they are the balance. */
const ALWAYS = new Set(['EventsReceived', 'EventsDelivered', 'EventsDropped']);
/** The service names it; the rest of a line is bounded by Lambda. */
const MAX_ERROR_CODE_LENGTH = 100;

export interface SelfMetricsContext {
  /** Epoch ms. */
  readonly now: number;
  readonly breakerOpenings: number;
  /** The last line of this process. */
  readonly final: boolean;
}

/** What only grows: each is written as what came since the line before, for CloudWatch adds up. */
export function countersOf(ledger: Ledger, breakerOpenings: number) {
  return {
    EventsReceived: ledger.received,
    EventsDelivered: ledger.delivered,
    EventsDropped: ledger.dropped,
    EventsDroppedByLambda: ledger.droppedByLambda,
    EventsTruncated: ledger.truncated,
    Retries: ledger.retries,
    ThrottledRecords: ledger.throttled,
    CircuitBreakerOpenings: breakerOpenings,
  };
}

type Counters = ReturnType<typeof countersOf>;

/** The growth from `before` to `now`; `before` undefined at the start, when every counter was 0. */
export function growth(before: Counters | undefined, now: Counters): Record<string, number> {
  return Object.fromEntries(
    Object.entries(now).map(([name, value]) => [name, value - (before?.[name as keyof Counters] ?? 0)]),
  );
}

/** The metrics of one process. */
export class SelfMetrics {
  private readonly dimensions: Readonly<Record<string, string | undefined>>;
  private written: Counters | undefined;

  /** `stream` is a name or an ARN. */
  public constructor(
    private readonly identity: Identity,
    stream: string,
  ) {
    // One series for each function, and one for all that write to the stream: an alarm cannot search and sum.
    this.dimensions = { FunctionName: identity.functionName, StreamName: stream.replace(/^.*\//, '') };
  }

  /** The next line, with what has come since the last one. */
  public line(ledger: Ledger, { now, breakerOpenings, final }: SelfMetricsContext): string {
    const counters = countersOf(ledger, breakerOpenings);
    const values = { ...growth(this.written, counters), EventsHeld: ledger.held };
    this.written = counters;
    // A metric costs for the hours in which it gets values: what is always 0 should cost nothing.
    const metrics = Object.entries(values).filter(([name, value]) => value !== 0 || ALWAYS.has(name));
    const { functionVersion, instanceId } = this.identity;
    return `${JSON.stringify({
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [
          {
            Namespace: NAMESPACE,
            Dimensions: Object.keys(this.dimensions)
              .filter((name) => this.dimensions[name] !== undefined)
              .map((name) => [name]),
            Metrics: metrics.map(([Name]) => ({ Name, Unit: 'Count' })),
          },
        ],
      },
      ...this.dimensions,
      ...Object.fromEntries(metrics),
      // No metrics: what one looks for beside them, under the names that the ledger has.
      function_version: functionVersion,
      instance_id: instanceId,
      final: final || undefined,
      dropped_by_reason: ledger.dropped > 0 ? ledger.droppedByReason : undefined,
      last_error_code: ledger.lastErrorCode?.slice(0, MAX_ERROR_CODE_LENGTH),
    })}\n`;
  }
}
