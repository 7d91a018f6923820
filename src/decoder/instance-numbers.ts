import { lengthOf, type SequenceRange, SequenceRanges } from './sequence-ranges';

/**
 * Which numbers of one instance are accounted for: events that were seen, and events that the archive's transform has
 * filtered out. A number that is both, for the filter was changed or a batch was transformed twice, is an event.
 */
export class InstanceNumbers {
  public givenUp = 0;
  /** Numbers that were filtered out and count as seen, to bound the memory. */
  private filteredInSeen = 0;
  /** The events, and what counts as seen. */
  private readonly seen = new SequenceRanges();
  /** All of `seen`, and what was filtered out. */
  private readonly accounted = new SequenceRanges();

  public constructor(private readonly maxRanges: number) {}

  /** Distinct events. */
  public get events(): number {
    return this.seen.size - this.givenUp - this.filteredInSeen;
  }

  /** Distinct numbers that were filtered out and are no events. */
  public get filtered(): number {
    return this.accounted.size - this.seen.size + this.filteredInSeen;
  }

  public get first(): number | undefined {
    return this.accounted.first;
  }

  public get last(): number | undefined {
    return this.accounted.last;
  }

  /** What is not accounted for from `from` to `to`, both included. */
  public gaps(from: number, to: number): SequenceRange[] {
    return this.accounted.gaps(from, to);
  }

  public hasEvent(seq: number): boolean {
    return this.seen.has(seq);
  }

  /** Whether every number of the range is accounted for. */
  public hasAll({ from, to }: SequenceRange): boolean {
    return this.accounted.covers(from, to);
  }

  /** @returns whether the event is new, also where its number was filtered out elsewhere */
  public addEvent(seq: number): boolean {
    const isNew = this.seen.add(seq);
    this.accounted.add(seq);
    this.bound();
    return isNew;
  }

  /** @returns whether any number of the range is new */
  public addFiltered({ from, to }: SequenceRange): boolean {
    const isNew = this.accounted.addRange(from, to) > 0;
    this.bound();
    return isNew;
  }

  /**
   * Gives up gaps while there are too many runs in all. Events with filtered ones between them are separate runs too,
   * and closing these costs no more than the recognition of such an event, should it come after all; there always is
   * one to close, for they outnumber the runs that they lie in.
   */
  private bound(): void {
    while (this.accounted.count > this.maxRanges) {
      const gap = this.accounted.closeLowestGap();
      if (gap === undefined) break;
      this.givenUp += this.seen.addRange(gap.from, gap.to);
    }
    while (this.seen.count > this.maxRanges) {
      const gap = this.seen.closeLowestGap((one) => this.hasAll(one));
      if (gap === undefined) break;
      this.filteredInSeen += lengthOf(gap);
    }
  }
}
