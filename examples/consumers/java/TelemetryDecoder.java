import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/**
 * Decodes what cdk-kinesis-telemetry-extension writes to Kinesis. Copy this file; it needs nothing but Java 17. The JSON
 * library is yours: {@code parse} turns one line into what you work with and throws what it cannot read.
 */
public final class TelemetryDecoder<T> {
  /** Something in a record that is no telemetry line; offset in bytes of the record's text, or of its data for BAD_GZIP. */
  public record Problem(String code, String reason, int offset, String excerpt) {}

  public record Decoded<T>(List<T> lines, List<Problem> problems) {}

  private static final int DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
  private static final int EXCERPT_CHARACTERS = 200;

  private final Function<String, T> parse;
  private final int maxBytes;

  public TelemetryDecoder(Function<String, T> parse) {
    this(parse, DEFAULT_MAX_BYTES);
  }

  /** {@code maxBytes}: how much text a record may hold after decompression. */
  public TelemetryDecoder(Function<String, T> parse, int maxBytes) {
    this.parse = parse;
    this.maxBytes = maxBytes;
  }

  /** The data of one Kinesis record (not base64): NDJSON, JSON or NDJSON_GZIP, several gzip members too. */
  public Decoded<T> decode(byte[] data) {
    var decoded = new Decoded<T>(new ArrayList<>(), new ArrayList<>());
    var text = data.length > 1 && (data[0] & 0xff) == 0x1f && (data[1] & 0xff) == 0x8b ? inflate(data, decoded) : data;
    for (int start = 0; start < text.length; ) {
      int end = start;
      while (end < text.length && text[end] != '\n') end++;
      if (end > start) decodeLine(text, start, end, decoded);
      start = end + 1;
    }
    return decoded;
  }

  /** What can be inflated is read, also when the end is damaged. */
  private byte[] inflate(byte[] data, Decoded<T> decoded) {
    var text = new ByteArrayOutputStream();
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(data))) { // reads members up to the last
      var chunk = new byte[8192];
      for (int read = gzip.read(chunk); read >= 0; read = gzip.read(chunk)) {
        if (text.size() + read > maxBytes) {
          decoded.problems().add(new Problem("TOO_LARGE", "more than " + maxBytes + " bytes of text", text.size(), ""));
          break;
        }
        text.write(chunk, 0, read);
      }
    } catch (IOException error) {
      decoded.problems().add(new Problem("BAD_GZIP", String.valueOf(error.getMessage()), 0, ""));
    }
    return text.toByteArray();
  }

  private void decodeLine(byte[] text, int start, int end, Decoded<T> decoded) {
    String line = new String(text, start, end - start, StandardCharsets.UTF_8);
    if (line.isBlank()) return;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(text, start, end - start));
      decoded.lines().add(parse.apply(line));
    } catch (CharacterCodingException | RuntimeException error) {
      String excerpt = line.substring(0, Math.min(line.length(), EXCERPT_CHARACTERS));
      decoded.problems().add(new Problem("NOT_JSON", String.valueOf(error.getMessage()), start, excerpt));
    }
  }
}
