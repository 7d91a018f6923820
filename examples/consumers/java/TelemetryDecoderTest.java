import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Run with: java TelemetryDecoderTest.java after javac TelemetryDecoder.java. No test framework needed. */
public final class TelemetryDecoderTest {
  private static final TelemetryDecoder<String> DECODER =
      new TelemetryDecoder<>(
          line -> {
            if (!line.startsWith("{") || !line.endsWith("}")) throw new IllegalArgumentException("not an object");
            return line;
          },
          100_000);

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
    System.out.println("7 passed, 0 failed");
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
  }
}
