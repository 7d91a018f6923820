/** An inclusive range of sequence numbers. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/** A set of positive integers that come mostly in order, kept as sorted ranges: a run without gaps is one range. */
export class SequenceRanges {
  public size = 0;
  private readonly ranges: { from: number; to: number }[] = [];

  /** @returns false when it was there already */
  public add(value: number): boolean {
    const index = this.indexAtOrBefore(value);
    const before = this.ranges[index];
    if (before && value <= before.to) return false;
    const after = this.ranges[index + 1];
    const joinsBefore = before?.to === value - 1;
    const joinsAfter = after?.from === value + 1;
    if (before && joinsBefore && after && joinsAfter) {
      before.to = after.to;
      this.ranges.splice(index + 1, 1);
    } else if (before && joinsBefore) before.to = value;
    else if (after && joinsAfter) after.from = value;
    else this.ranges.splice(index + 1, 0, { from: value, to: value });
    this.size += 1;
    return true;
  }

  public has(value: number): boolean {
    const range = this.ranges[this.indexAtOrBefore(value)];
    return range !== undefined && value <= range.to;
  }

  public get first(): number | undefined {
    return this.ranges[0]?.from;
  }

  public get last(): number | undefined {
    return this.ranges.at(-1)?.to;
  }

  /** How many ranges there are: what it costs to keep. */
  public get count(): number {
    return this.ranges.length;
  }

  /** What is missing from `from` to `to`, both included. */
  public gaps(from: number, to: number): SequenceRange[] {
    const gaps: SequenceRange[] = [];
    let expected = from;
    for (const range of this.ranges) {
      if (range.from > to) break;
      if (range.from > expected) gaps.push({ from: expected, to: range.from - 1 });
      expected = Math.max(expected, range.to + 1);
    }
    if (expected <= to) gaps.push({ from: expected, to });
    return gaps;
  }

  /** Takes the lowest gap between two ranges for filled. @returns the gap */
  public closeLowestGap(): SequenceRange | undefined {
    const [first, second] = this.ranges;
    if (!first || !second) return undefined;
    const gap = { from: first.to + 1, to: second.from - 1 };
    this.size += gap.to - gap.from + 1;
    first.to = second.to;
    this.ranges.splice(1, 1);
    return gap;
  }

  /** Index of the last range that begins at or before the value; -1 for none. */
  private indexAtOrBefore(value: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ranges[middle] as SequenceRange).from <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
