import { InstanceNumbers } from './instance-numbers';
import { lengthOf, type SequenceRange } from './sequence-ranges';
import {
  type ExtensionStats,
  isExtensionStats,
  isTransformFiltered,
  type TelemetryEvent,
  type TelemetryIdentity,
  type TelemetryLine,
  type TransformFiltered,
} from './telemetry-line';

/** A run of sequence numbers of one instance that has not been seen. */
export interface SequenceGap {
  readonly from: number;
  readonly to: number;
}

/**
 * - `complete`: every event that the instance is known to have given a number is there, or was filtered out.
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
  /** Events that the archive's transform has left out on purpose; neither in `events` nor in `missing`. */
  readonly filtered: number;
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
  private readonly numbers: InstanceNumbers;
  private duplicates = 0;
  private ledger: ExtensionStats | undefined;
  private functionName: string | undefined;

  public constructor(
    private readonly instanceId: string,
    private readonly countFrom: 'one' | 'first-seen',
    maxRanges: number,
  ) {
    this.numbers = new InstanceNumbers(maxRanges);
  }

  /** Whether the event has been added, all that the line says was filtered out, or a ledger that says as much. */
  public has(line: TelemetryLine): boolean {
    if (isExtensionStats(line)) return !this.isLater(line);
    return isTransformFiltered(line) ? this.numbers.hasAll(rangeOf(line)) : this.numbers.hasEvent(line.seq);
  }

  /** @returns whether the line says anything new */
  public add(line: TelemetryLine): boolean {
    this.identify(line);
    if (isExtensionStats(line)) return this.addLedger(line);
    return isTransformFiltered(line) ? this.numbers.addFiltered(rangeOf(line)) : this.addEvent(line);
  }

  private addEvent({ seq }: TelemetryEvent): boolean {
    const isNew = this.numbers.addEvent(seq);
    if (!isNew) this.duplicates += 1;
    return isNew;
  }

  private addLedger(stats: ExtensionStats): boolean {
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
    const { ledger, numbers } = this;
    const from = this.countFrom === 'one' ? 1 : (numbers.first ?? 1);
    // what the extension still held may come, or not: only its final ledger closes the books
    const promised = ledger === undefined ? 0 : ledger.final ? ledger.received : ledger.received - ledger.held;
    const highestSeq = Math.max(numbers.last ?? 0, promised);
    const gaps = numbers.gaps(from, highestSeq);
    const missing = gaps.reduce((sum, gap) => sum + lengthOf(gap), 0);
    const dropped = ledger?.dropped ?? 0;
    const final = ledger?.final === true;
    return {
      instanceId: this.instanceId,
      functionName: this.functionName,
      events: numbers.events,
      duplicates: this.duplicates,
      filtered: numbers.filtered,
      highestSeq,
      missing,
      gaps,
      dropped,
      droppedByReason: ledger?.dropped_by_reason ?? {},
      droppedByLambda: ledger?.dropped_by_lambda ?? 0,
      givenUp: numbers.givenUp,
      final,
      verdict: verdict(missing, dropped - numbers.givenUp, final),
    };
  }

  private identify({ function_name: functionName }: TelemetryIdentity): void {
    this.functionName ??= functionName;
  }
}

function rangeOf({ seq, through_seq: throughSeq }: TransformFiltered): SequenceRange {
  return { from: seq, to: throughSeq };
}

function verdict(missing: number, dropped: number, final: boolean): DeliveryVerdict {
  if (missing === 0) return 'complete';
  if (missing <= dropped) return 'dropped';
  return final ? 'lost' : 'pending';
}
