import { SequenceRanges } from './sequence-ranges';
import {
  type ExtensionStats,
  isExtensionStats,
  type TelemetryEvent,
  type TelemetryIdentity,
  type TelemetryLine,
} from './telemetry-line';

/** A run of sequence numbers of one instance that has not been seen. */
export interface SequenceGap {
  readonly from: number;
  readonly to: number;
}

/**
 * - `complete`: every event that the instance is known to have given a number is there.
 * - `dropped`: what is missing, the extension has itself reported as dropped.
 * - `pending`: events are missing that may still be on their way; the final ledger has not been seen.
 * - `lost`: the final ledger is there, and more is missing than the extension has dropped.
 */
export type DeliveryVerdict = 'complete' | 'dropped' | 'pending' | 'lost';

/** What a reader knows of the delivery from one instance. */
export interface InstanceDelivery {
  readonly instanceId: string;
  readonly functionName?: string;
  /** Distinct events seen. */
  readonly events: number;
  /** Events seen once more. */
  readonly duplicates: number;
  /** The highest number that was given as far as is known: by an event, or by the ledger. */
  readonly highestSeq: number;
  readonly missing: number;
  readonly gaps: SequenceGap[];
  /** What the extension itself says it dropped, by its latest ledger. */
  readonly dropped: number;
  readonly droppedByReason: Readonly<Record<string, number>>;
  /** Events that Lambda dropped before they had a number. */
  readonly droppedByLambda: number;
  /** Events behind gaps that were given up to bound the memory; they are not part of `missing`. */
  readonly givenUp: number;
  /** The last ledger of the instance has been seen. */
  readonly final: boolean;
  readonly verdict: DeliveryVerdict;
}

/** The books of a reader for one instance. */
export class InstanceBooks {
  /** Epoch ms of the reader. */
  public seenAt = 0;
  private readonly seen = new SequenceRanges();
  private duplicates = 0;
  private givenUp = 0;
  private ledger: ExtensionStats | undefined;
  private functionName: string | undefined;

  public constructor(
    private readonly instanceId: string,
    private readonly countFrom: 'one' | 'first-seen',
    private readonly maxRanges: number,
  ) {}

  /** Whether the event has been added, or a ledger that says as much. */
  public has(line: TelemetryLine): boolean {
    return isExtensionStats(line) ? !this.isLater(line) : this.seen.has(line.seq);
  }

  /** @returns whether the event is new */
  public addEvent(event: TelemetryEvent): boolean {
    this.identify(event);
    const isNew = this.seen.add(event.seq);
    if (!isNew) this.duplicates += 1;
    if (this.seen.count > this.maxRanges) {
      const gap = this.seen.closeLowestGap();
      if (gap) this.givenUp += gap.to - gap.from + 1;
    }
    return isNew;
  }

  /** @returns whether the ledger says more than the one before it */
  public addLedger(stats: ExtensionStats): boolean {
    this.identify(stats);
    const isLater = this.isLater(stats);
    if (isLater) this.ledger = stats;
    return isLater;
  }

  /** The counters are cumulative: the later ledger is the one that counts more, whatever the order of arrival. */
  private isLater(stats: ExtensionStats): boolean {
    const known = this.ledger;
    if (known === undefined || (stats.final === true && known.final !== true)) return true;
    if (known.final === true) return false;
    if (stats.received !== known.received) return stats.received > known.received;
    return stats.delivered + stats.dropped > known.delivered + known.dropped;
  }

  public report(): InstanceDelivery {
    const { ledger, seen } = this;
    const from = this.countFrom === 'one' ? 1 : (seen.first ?? 1);
    // what the extension still held may come, or not: only its final ledger closes the books
    const promised = ledger === undefined ? 0 : ledger.final ? ledger.received : ledger.received - ledger.held;
    const highestSeq = Math.max(seen.last ?? 0, promised);
    const gaps = seen.gaps(from, highestSeq);
    const missing = gaps.reduce((sum, gap) => sum + gap.to - gap.from + 1, 0);
    const dropped = ledger?.dropped ?? 0;
    const final = ledger?.final === true;
    return {
      instanceId: this.instanceId,
      functionName: this.functionName,
      events: seen.size - this.givenUp,
      duplicates: this.duplicates,
      highestSeq,
      missing,
      gaps,
      dropped,
      droppedByReason: ledger?.dropped_by_reason ?? {},
      droppedByLambda: ledger?.dropped_by_lambda ?? 0,
      givenUp: this.givenUp,
      final,
      verdict: verdict(missing, dropped - this.givenUp, final),
    };
  }

  private identify({ function_name: functionName }: TelemetryIdentity): void {
    this.functionName ??= functionName;
  }
}

function verdict(missing: number, dropped: number, final: boolean): DeliveryVerdict {
  if (missing === 0) return 'complete';
  if (missing <= dropped) return 'dropped';
  return final ? 'lost' : 'pending';
}
