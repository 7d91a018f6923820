import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A set of positive integers as sorted ranges: a run without gaps is one range. */
public final class SequenceRanges {
  /** Both ends are part of it. */
  public record Range(long from, long to) {
    public long size() {
      return to - from + 1;
    }
  }

  private final TreeMap<Long, Range> ranges = new TreeMap<>();
  private long size;

  /** How many of them are new. */
  long add(Range range) {
    long from = range.from(), to = range.to(), known = 0;
    for (var touched = ranges.floorEntry(range.to() + 1);
        touched != null && touched.getValue().to() >= range.from() - 1;
        touched = ranges.floorEntry(range.to() + 1)) {
      from = Math.min(from, touched.getValue().from());
      to = Math.max(to, touched.getValue().to());
      known += touched.getValue().size();
      ranges.remove(touched.getKey());
    }
    ranges.put(from, new Range(from, to));
    long added = to - from + 1 - known;
    size += added;
    return added;
  }

  boolean covers(Range range) {
    var before = ranges.floorEntry(range.from());
    return before != null && range.to() <= before.getValue().to();
  }

  /** How many numbers there are. */
  long size() {
    return size;
  }

  /** How many ranges there are: what it costs to keep. */
  int count() {
    return ranges.size();
  }

  /** 1 where there is none. */
  long first() {
    return ranges.isEmpty() ? 1 : ranges.firstKey();
  }

  /** 0 where there is none. */
  long last() {
    return ranges.isEmpty() ? 0 : ranges.lastEntry().getValue().to();
  }

  /** What is missing from {@code from} to {@code to}. */
  List<Range> gaps(long from, long to) {
    var gaps = new ArrayList<Range>();
    long expected = from;
    for (var range : ranges.headMap(to, true).values()) {
      if (range.from() > expected) gaps.add(new Range(expected, range.from() - 1));
      expected = Math.max(expected, range.to() + 1);
    }
    if (expected <= to) gaps.add(new Range(expected, to));
    return gaps;
  }

  /** The lowest gap between two ranges, of those that may be; null for none. */
  Range lowestGap(Predicate<Range> mayBe) {
    Range before = null;
    for (var range : ranges.values()) {
      var gap = before == null ? null : new Range(before.to() + 1, range.from() - 1);
      if (gap != null && mayBe.test(gap)) return gap;
      before = range;
    }
    return null;
  }
}
