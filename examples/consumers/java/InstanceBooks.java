import java.util.HashMap;
import java.util.Map;

/** A part of {@code DeliveryWindow}: the books of a reader for one instance. */
final class InstanceBooks {
  long seenAtMs;
  private final String instanceId;
  private final DeliveryWindow.CountFrom countFrom;
  private final int maxRanges;
  private final SequenceRanges seen = new SequenceRanges(); // the events, and what counts as seen
  private final SequenceRanges accounted = new SequenceRanges(); // with what was filtered out
  private Map<String, ?> ledger; // null: none yet
  private String functionName;
  private long duplicates;
  private long givenUp;
  private long filteredInSeen;

  InstanceBooks(String instanceId, DeliveryWindow.CountFrom countFrom, int maxRanges) {
    this.instanceId = instanceId;
    this.countFrom = countFrom;
    this.maxRanges = maxRanges;
  }

  boolean has(Map<String, ?> line) {
    if (TelemetryLine.isLedger(line)) return !isLater(line);
    return (TelemetryLine.isFiltered(line) ? accounted : seen).covers(rangeOf(line));
  }

  /** Whether the line says anything new. */
  boolean add(Map<String, ?> line) {
    boolean isNew = !has(line);
    if (functionName == null && line.get("function_name") instanceof String name) functionName = name;
    if (TelemetryLine.isLedger(line)) {
      if (isNew) ledger = line;
      return isNew;
    }
    if (TelemetryLine.isEvent(line)) {
      seen.add(rangeOf(line));
      if (!isNew) duplicates++;
    }
    accounted.add(rangeOf(line));
    bound();
    return isNew;
  }

  private void bound() {
    while (accounted.count() > maxRanges) {
      var gap = accounted.lowestGap(any -> true);
      if (gap == null) break;
      givenUp += accounted.add(gap);
      seen.add(gap);
    }
    while (seen.count() > maxRanges) { // events with filtered ones between them are separate ranges too
      var gap = seen.lowestGap(accounted::covers); // there always are two within one of accounted
      if (gap == null) break;
      filteredInSeen += seen.add(gap);
    }
  }

  /** The counters are cumulative: the later ledger is the one that counts more, whatever the order of arrival. */
  private boolean isLater(Map<String, ?> line) {
    if (ledger == null) return true;
    if (isFinal(ledger) || isFinal(line)) return !isFinal(ledger);
    long received = TelemetryLine.count(line, "received");
    long known = TelemetryLine.count(ledger, "received");
    return received != known ? received > known : settled(line) > settled(ledger);
  }

  InstanceDelivery report() {
    Map<String, ?> told = ledger == null ? Map.of() : ledger;
    // what the extension still held may come, or not: only its final ledger closes the books
    long promised = TelemetryLine.count(told, "received") - (isFinal(told) ? 0 : TelemetryLine.count(told, "held"));
    long highestSeq = Math.max(accounted.last(), promised);
    var gaps = accounted.gaps(countFrom == DeliveryWindow.CountFrom.ONE ? 1 : accounted.first(), highestSeq);
    long missing = gaps.stream().mapToLong(SequenceRanges.Range::size).sum();
    long dropped = TelemetryLine.count(told, "dropped");
    return new InstanceDelivery(
        instanceId,
        functionName,
        seen.size() - givenUp - filteredInSeen,
        duplicates,
        accounted.size() - seen.size() + filteredInSeen,
        highestSeq,
        missing,
        gaps,
        dropped,
        droppedByReason(told),
        TelemetryLine.count(told, "dropped_by_lambda"),
        givenUp,
        isFinal(told),
        verdict(missing, dropped - givenUp, isFinal(told)));
  }

  private static InstanceDelivery.Verdict verdict(long missing, long dropped, boolean isFinal) {
    if (missing == 0) return InstanceDelivery.Verdict.COMPLETE;
    if (missing <= dropped) return InstanceDelivery.Verdict.DROPPED;
    return isFinal ? InstanceDelivery.Verdict.LOST : InstanceDelivery.Verdict.PENDING;
  }

  private static Map<String, Long> droppedByReason(Map<String, ?> told) {
    var reasons = new HashMap<String, Long>();
    if (told.get("dropped_by_reason") instanceof Map<?, ?> found) {
      for (var one : found.entrySet()) {
        if (one.getValue() instanceof Number count) reasons.put(String.valueOf(one.getKey()), count.longValue());
      }
    }
    return reasons;
  }

  private static SequenceRanges.Range rangeOf(Map<String, ?> line) {
    long seq = TelemetryLine.count(line, "seq");
    long last = TelemetryLine.isFiltered(line) ? TelemetryLine.count(line, "through_seq") : seq;
    return new SequenceRanges.Range(seq, last);
  }

  private static boolean isFinal(Map<String, ?> stats) {
    return Boolean.TRUE.equals(stats.get("final"));
  }

  private static long settled(Map<String, ?> stats) {
    return TelemetryLine.count(stats, "delivered") + TelemetryLine.count(stats, "dropped");
  }
}
