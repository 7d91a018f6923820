import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets each event through once, by (instance_id, seq), and knows what is missing. Copy it with InstanceBooks.java,
 * InstanceDelivery.java, SequenceRanges.java and TelemetryLine.java; needs nothing but Java 17. For one thread.
 */
public final class DeliveryWindow {
  /** {@code FIRST_SEEN} is for a reader that came later than the instances. */
  public enum CountFrom {
    ONE,
    FIRST_SEEN
  }

  private static final int DEFAULT_MAX_INSTANCES = 10_000;
  private static final int DEFAULT_MAX_RANGES_PER_INSTANCE = 1_000;

  private final CountFrom countFrom;
  private final int maxInstances;
  private final int maxRangesPerInstance;
  private final Consumer<InstanceDelivery> onForget;
  private final LongSupplier nowMs;
  private final Map<String, InstanceBooks> books = new LinkedHashMap<>(); // the least recently seen is first

  public DeliveryWindow(CountFrom countFrom) {
    this(
        countFrom,
        DEFAULT_MAX_INSTANCES,
        DEFAULT_MAX_RANGES_PER_INSTANCE,
        delivery -> {},
        System::currentTimeMillis);
  }

  /**
   * @param maxInstances the one not seen for the longest is forgotten first
   * @param maxRangesPerInstance runs of numbers to keep; beyond that the lowest gap is given up
   * @param onForget called for an instance that is forgotten, with what was known of it
   * @param nowMs the clock
   */
  public DeliveryWindow(
      CountFrom countFrom,
      int maxInstances,
      int maxRangesPerInstance,
      Consumer<InstanceDelivery> onForget,
      LongSupplier nowMs) {
    this.countFrom = countFrom;
    this.maxInstances = maxInstances;
    this.maxRangesPerInstance = maxRangesPerInstance;
    this.onForget = onForget;
    this.nowMs = nowMs;
  }

  /** Whether the line says anything new. Remembers it. */
  public boolean add(Map<String, ?> line) {
    String instanceId = (String) line.get("instance_id");
    var known = books.remove(instanceId);
    var own = known == null ? new InstanceBooks(instanceId, countFrom, maxRangesPerInstance) : known;
    books.put(instanceId, own);
    own.seenAtMs = nowMs.getAsLong();
    if (books.size() > maxInstances) forget(books.keySet().iterator().next());
    return own.add(line);
  }

  /** The lines that are new, in their order; remembers them. */
  public <L extends Map<String, ?>> List<L> filter(List<L> lines) {
    return lines.stream().filter(this::add).toList();
  }

  /** The lines that are new, each once, not remembered: for work that may fail. {@code filter} them when it is done. */
  public <L extends Map<String, ?>> List<L> unseen(List<L> lines) {
    var here = new HashSet<List<Object>>();
    var fresh = new ArrayList<L>();
    for (var line : lines) {
      var own = books.get((String) line.get("instance_id"));
      if (own != null && own.has(line)) continue;
      var identity = Arrays.<Object>asList(line.get("instance_id"), line.get("seq"), line.get("through_seq"));
      if (TelemetryLine.isLedger(line) || here.add(identity)) fresh.add(line);
    }
    return fresh;
  }

  /** What is known of each instance, the least recently seen first. */
  public List<InstanceDelivery> deliveries() {
    return books.values().stream().map(InstanceBooks::report).toList();
  }

  /** Those that lack something the extension has not itself reported as dropped. */
  public List<InstanceDelivery> suspects() {
    return deliveries().stream().filter(DeliveryWindow::isSuspect).toList();
  }

  /** Forgets who was not heard of for so long: take hours, not minutes, for an environment that rests says nothing. */
  public List<InstanceDelivery> forgetIdle(long idleMs) {
    long before = nowMs.getAsLong() - idleMs;
    var idle = List.copyOf(books.keySet()).stream().filter(one -> books.get(one).seenAtMs < before);
    return idle.map(this::forget).toList();
  }

  private InstanceDelivery forget(String instanceId) {
    var delivery = books.remove(instanceId).report();
    onForget.accept(delivery);
    return delivery;
  }

  private static boolean isSuspect(InstanceDelivery delivery) {
    return switch (delivery.verdict()) {
      case LOST, PENDING -> true;
      case COMPLETE, DROPPED -> false;
    };
  }
}
