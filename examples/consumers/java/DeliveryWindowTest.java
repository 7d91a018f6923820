import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cases that all implementations share. Run with: java DeliveryWindowTest [file], after javac of all but
 * TelemetryHandler.java.
 */
public final class DeliveryWindowTest {
  public static void main(String[] args) throws IOException {
    String file = args.length > 0 ? args[0] : "../delivery-window-cases.json";
    var cases = maps(JsonText.parse(Files.readString(Path.of(file))));
    int failed = 0;
    for (var one : cases) {
      var found = outcome(one);
      var failures = new ArrayList<String>();
      map(one.get("expected")).forEach((key, expected) -> compare(key, expected, found.get(key), failures));
      for (String failure : failures) System.out.println(one.get("name") + ": " + failure);
      if (!failures.isEmpty()) failed++;
    }
    System.out.println(cases.size() - failed + " passed, " + failed + " failed");
    if (failed > 0) System.exit(1);
  }

  /** What the window makes of the lines, a second passing from one to the next. */
  private static Map<String, Object> outcome(Map<String, Object> one) {
    var options = one.containsKey("options") ? map(one.get("options")) : Map.<String, Object>of();
    boolean firstSeen = "first-seen".equals(options.get("countFrom"));
    var nowMs = new AtomicLong();
    var forgotten = new ArrayList<Object>();
    var window =
        new DeliveryWindow(
            firstSeen ? DeliveryWindow.CountFrom.FIRST_SEEN : DeliveryWindow.CountFrom.ONE,
            (int) number(options, "maxInstances", 10_000),
            (int) number(options, "maxRangesPerInstance", 1_000),
            delivery -> forgotten.add(delivery.instanceId()),
            nowMs::get);
    var lines = maps(one.get("lines"));
    var fresh = new ArrayList<Object>();
    var unseen = new ArrayList<Object>();
    for (int index = 0; index < lines.size(); index++) {
      nowMs.set(index * 1_000L);
      if (index == number(one, "unseenAfter", 0)) {
        for (var line : window.unseen(lines)) unseen.add(indexOf(lines, line));
      }
      if (window.add(lines.get(index))) fresh.add((long) index);
    }
    if (one.containsKey("forgetIdleMs")) window.forgetIdle(number(one, "forgetIdleMs", 0));
    var deliveries = window.deliveries().stream().map(DeliveryWindowTest::report).toList();
    var suspects = window.suspects().stream().map(InstanceDelivery::instanceId).toList();
    return Map.of(
        "fresh", fresh, "unseen", unseen, "forgotten", forgotten, "deliveries", deliveries, "suspects", suspects);
  }

  private static Map<String, Object> report(InstanceDelivery delivery) {
    var report = new LinkedHashMap<String, Object>();
    try {
      for (var part : InstanceDelivery.class.getRecordComponents()) {
        report.put(part.getName(), part.getAccessor().invoke(delivery));
      }
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
    report.put("final", report.remove("isFinal")); // a reserved word of Java
    report.put("verdict", delivery.verdict().name().toLowerCase(Locale.ROOT));
    report.put("gaps", delivery.gaps().stream().map(gap -> Map.of("from", gap.from(), "to", gap.to())).toList());
    return report;
  }

  /** Of a delivery what is expected of it, everything else as a whole. */
  private static void compare(String what, Object expected, Object found, List<String> failures) {
    Object comparable = found;
    if (what.equals("deliveries") && maps(expected).size() == maps(found).size()) {
      var parts = new ArrayList<Map<String, Object>>();
      for (int index = 0; index < maps(found).size(); index++) {
        var part = new HashMap<>(maps(found).get(index));
        part.keySet().retainAll(maps(expected).get(index).keySet());
        parts.add(part);
      }
      comparable = parts;
    }
    if (!expected.equals(comparable)) failures.add(what + ": expected " + expected + ", found " + comparable);
  }

  private static Long indexOf(List<?> lines, Object line) {
    for (int index = 0; index < lines.size(); index++) if (lines.get(index) == line) return (long) index;
    throw new IllegalArgumentException("not one of the lines: " + line);
  }

  private static long number(Map<String, Object> from, String key, long otherwise) {
    return from.containsKey(key) ? (Long) from.get(key) : otherwise;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object json) {
    return (Map<String, Object>) json;
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> maps(Object json) {
    return (List<Map<String, Object>>) json;
  }
}
