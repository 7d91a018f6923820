package example;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Scanner;
import java.util.zip.GZIPInputStream;

/** Kinesis records of the telemetry extension, as JSON objects. The record schema is docs/record-schema.md. */
public final class RecordDecoder {
    private static final int SCHEMA_VERSION = 1;

    private RecordDecoder() {}

    /**
     * The lines of one record. The formats tell themselves apart: NDJSON_GZIP begins as gzip does, JSON is one line.
     */
    public static List<JsonObject> decode(final byte[] data) throws IOException {
        final List<JsonObject> lines = new ArrayList<>();
        for (final String text : text(data).split("\n")) {
            if (text.isBlank()) {
                continue;
            }
            final JsonObject line = JsonParser.parseString(text).getAsJsonObject();
            if (line.get("v").getAsInt() != SCHEMA_VERSION) {
                throw new IOException("record schema version " + line.get("v") + ": this consumer knows 1");
            }
            lines.add(line);
        }
        return lines;
    }

    private static String text(final byte[] data) throws IOException {
        final boolean gzip = data.length > 1 && data[0] == (byte) 0x1f && data[1] == (byte) 0x8b;
        if (!gzip) {
            return new String(data, StandardCharsets.UTF_8);
        }
        try (InputStream input = new GZIPInputStream(new ByteArrayInputStream(data))) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Records as base64, one a line, to lines of JSON. */
    public static void main(final String[] args) throws IOException {
        final Scanner records = new Scanner(System.in, StandardCharsets.US_ASCII);
        while (records.hasNextLine()) {
            for (final JsonObject line : decode(Base64.getDecoder().decode(records.nextLine()))) {
                System.out.println(line);
            }
        }
    }
}
