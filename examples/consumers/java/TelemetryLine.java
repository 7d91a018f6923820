import java.util.List;
import java.util.Map;

/** A line of the record schema as a map, as every JSON library makes them: {@code JSON.readValue(text, Map.class)}. */
public final class TelemetryLine {
  private static final List<String> COUNTERS = List.of("received", "delivered", "dropped", "held");

  private TelemetryLine() {}

  /**
   * The line itself, for the function that is given to {@code TelemetryDecoder}.
   *
   * @throws IllegalArgumentException for what no telemetry line of schema version 1 lacks
   */
  public static <L extends Map<String, ?>> L checked(L line) {
    if (!isCount(line, "v", 1)) throw misfit("v", "1");
    if (count(line, "v") > 1) throw new IllegalArgumentException("schema version " + line.get("v") + " is not known");
    if (!(line.get("instance_id") instanceof String)) throw misfit("instance_id", "a string");
    if (isLedger(line)) {
      for (String counter : COUNTERS) if (!isCount(line, counter, 0)) throw misfit(counter, "a count");
      return line;
    }
    if (!isCount(line, "seq", 1)) throw misfit("seq", "a positive integer");
    if (isFiltered(line) && !isCount(line, "through_seq", count(line, "seq"))) {
      throw misfit("through_seq", "an integer from seq on");
    }
    return line;
  }

  /** Whether the line is the ledger of the extension. */
  public static boolean isLedger(Map<String, ?> line) {
    return "extension.stats".equals(line.get("type"));
  }

  /** Whether the line stands for events that the archive's transform has left out; never in a stream. */
  public static boolean isFiltered(Map<String, ?> line) {
    return "transform.filtered".equals(line.get("type"));
  }

  /** Whether the line is an event of Lambda: a log line, or what the platform has to say. */
  public static boolean isEvent(Map<String, ?> line) {
    return !isLedger(line) && !isFiltered(line);
  }

  /** The number under the key; 0 where there is none. */
  static long count(Map<String, ?> line, String key) {
    return line.get(key) instanceof Number number ? number.longValue() : 0;
  }

  /** Some libraries make a double of every number: it has to be a whole one. */
  private static boolean isCount(Map<String, ?> line, String key, long least) {
    if (!(line.get(key) instanceof Number number)) return false;
    return number.doubleValue() == number.longValue() && number.longValue() >= least;
  }

  private static IllegalArgumentException misfit(String key, String expected) {
    return new IllegalArgumentException("\"" + key + "\" is not " + expected);
  }
}
