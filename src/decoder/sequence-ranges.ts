/** An inclusive range of sequence numbers. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/** How many numbers a range has. */
export function lengthOf({ from, to }: SequenceRange): number {
  return to - from + 1;
}

/** A set of positive integers that come mostly in order, kept as sorted ranges: a run without gaps is one range. */
export class SequenceRanges {
  public size = 0;
  private readonly ranges: SequenceRange[] = [];

  /** @returns false when it was there already */
  public add(value: number): boolean {
    return this.addRange(value, value) > 0;
  }

  /** Adds the numbers from `from` to `to`, both included. @returns how many of them were not there yet */
  public addRange(from: number, to: number): number {
    const index = this.indexAtOrBefore(from);
    const before = this.ranges[index];
    const first = before && before.to >= from - 1 ? index : index + 1;
    // one that begins right behind is touched too
    const touched = this.ranges.slice(first, this.indexAtOrBefore(to + 1) + 1);
    const joined = { from: Math.min(from, touched[0]?.from ?? from), to: Math.max(to, touched.at(-1)?.to ?? to) };
    this.ranges.splice(first, touched.length, joined);
    const added = touched.reduce((left, range) => left - lengthOf(range), lengthOf(joined));
    this.size += added;
    return added;
  }

  public has(value: number): boolean {
    return this.covers(value, value);
  }

  /** Whether all numbers from `from` to `to` are there. */
  public covers(from: number, to: number): boolean {
    const range = this.ranges[this.indexAtOrBefore(from)];
    return range !== undefined && to <= range.to;
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

  /** Takes the lowest gap between two ranges for filled, of those that may be. @returns the gap */
  public closeLowestGap(mayBe: (gap: SequenceRange) => boolean = () => true): SequenceRange | undefined {
    for (let index = 1; index < this.ranges.length; index += 1) {
      const [before, after] = this.ranges.slice(index - 1, index + 1) as [SequenceRange, SequenceRange];
      const gap = { from: before.to + 1, to: after.from - 1 };
      if (!mayBe(gap)) continue;
      this.addRange(gap.from, gap.to);
      return gap;
    }
    return undefined;
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
