package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.google.gson.JsonObject;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Works off the telemetry of other functions. */
public final class ConsumerHandler implements RequestHandler<Map<String, Object>, Map<String, Object>> {
    private static final int MAX_REMEMBERED = 100_000;

    private final Set<String> seen = new LinkedHashSet<>();

    @Override
    @SuppressWarnings("unchecked")
    public Map<String, Object> handleRequest(final Map<String, Object> event, final Context context) {
        for (final Map<String, Object> record : (List<Map<String, Object>>) event.get("Records")) {
            final Map<String, Object> kinesis = (Map<String, Object>) record.get("kinesis");
            try {
                RecordDecoder.decode(Base64.getDecoder().decode((String) kinesis.get("data"))).forEach(this::work);
            } catch (Exception error) { // Lambda sends the batch again from here on
                System.out.println("record " + kinesis.get("sequenceNumber") + ": " + error);
                return Map.of("batchItemFailures", List.of(Map.of("itemIdentifier", kinesis.get("sequenceNumber"))));
            }
        }
        return Map.of("batchItemFailures", List.of());
    }

    private void work(final JsonObject line) {
        final String type = line.get("type").getAsString();
        if (type.equals("extension.stats")) { // the ledger: what was lost, and why
            if (line.get("dropped").getAsLong() > 0) {
                System.out.println(line.get("function_name") + " lost " + line.get("dropped_by_reason"));
            }
            return;
        }
        final String identity = line.get("instance_id").getAsString() + line.get("seq").getAsLong();
        if (seen.contains(identity)) { // Kinesis delivers at least once
            return;
        }
        if (type.equals("platform.report")) {
            System.out.println(line.get("function_name") + " took " + line.get("duration_ms") + " ms");
        }
        if (seen.size() >= MAX_REMEMBERED) {
            seen.remove(seen.iterator().next());
        }
        seen.add(identity);
    }
}
