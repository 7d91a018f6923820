import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Run with: java TelemetryDecoderTest, after javac of all but TelemetryHandler.java. No test framework needed. */
public final class TelemetryDecoderTest {
  private static final TelemetryDecoder<String> DECODER =
      new TelemetryDecoder<>(
          line -> {
            if (!line.startsWith("{") || !line.endsWith("}")) throw new IllegalArgumentException("not an object");
            return line;
          },
          100_000);

  private static int passed;

  public static void main(String[] args) throws IOException {
    String one = "{\"seq\":1,\"message\":\"Grüße 東京 🚀\"}";
    String two = "{\"seq\":2}";
    byte[] plain = utf8(one + "\n" + two + "\n");
    var members = new ByteArrayOutputStream();
    for (String line : List.of(one, two)) members.write(gzip(utf8(line + "\n")));

    for (byte[] data : List.of(plain, gzip(plain), members.toByteArray(), utf8(one + "\n" + two))) {
      same(List.of(one, two), DECODER.decode(data).lines(), "every format is recognized");
    }
    var bad = DECODER.decode(utf8(one + "\nbad\n" + two + "\n"));
    same(List.of(one, two), bad.lines(), "a bad line hides nothing");
    same(utf8(one + "\n").length, bad.problems().get(0).offset(), "a bad line is reported with its offset");
    var bytes = members.toByteArray();
    var cut = DECODER.decode(java.util.Arrays.copyOf(bytes, bytes.length - 3));
    same("BAD_GZIP", cut.problems().get(0).code(), "a cut member is reported");
    same(one, cut.lines().get(0), "a cut member does not hide the one before it");
    same("TOO_LARGE", DECODER.decode(gzip(new byte[1_000_000])).problems().get(0).code(), "a bomb is not inflated");
    lines();
    System.out.println(passed + " passed, 0 failed");
  }

  private static void lines() {
    var event = with(Map.of("v", 1, "instance_id", "i"), "seq", 2.0);
    var ledger = with(with(event, "type", "extension.stats"), "received", 1);
    for (String counter : List.of("delivered", "dropped", "held")) ledger.put(counter, 0);
    var filtered = with(with(event, "type", "transform.filtered"), "through_seq", 3);
    var lines = List.of(event, ledger, filtered);
    for (var line : lines) same(line, TelemetryLine.checked(line), "a telemetry line is one");
    same(List.of(event), lines.stream().filter(TelemetryLine::isEvent).toList(), "an event is neither of the others");
    refused("\"v\" is not 1", event, "v", 0);
    refused("schema version 2 is not known", event, "v", 2);
    refused("\"instance_id\" is not a string", event, "instance_id", 1);
    refused("\"seq\" is not a positive integer", event, "seq", 1.5);
    refused("\"held\" is not a count", ledger, "held", "1");
    refused("\"through_seq\" is not an integer from seq on", filtered, "through_seq", 1);
  }

  private static Map<String, Object> with(Map<String, Object> line, String key, Object value) {
    var changed = new HashMap<>(line);
    changed.put(key, value);
    return changed;
  }

  private static void refused(String reason, Map<String, Object> line, String key, Object value) {
    var misfit = with(line, key, value);
    try {
      TelemetryLine.checked(misfit);
    } catch (IllegalArgumentException error) {
      same(reason, error.getMessage(), "a misfit is named");
      return;
    }
    throw new AssertionError("taken for telemetry: " + misfit);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] data) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }

  private static void same(Object expected, Object found, String what) {
    if (!expected.equals(found)) throw new AssertionError(what + ": expected " + expected + ", found " + found);
    passed++;
  }
}
