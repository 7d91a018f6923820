import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A Lambda consumer of the stream. Set ReportBatchItemFailures on its event source mapping. */
public class TelemetryHandler implements RequestHandler<KinesisEvent, StreamsEventResponse> {
  private static final int REMEMBERED_EVENTS = 100_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TelemetryDecoder<JsonNode> decoder = new TelemetryDecoder<>(TelemetryHandler::parse);

  /** Events that were worked off, by instance_id and seq; outlives the invocation. */
  private final Set<String> seen =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED_EVENTS;
            }
          });

  @Override
  public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
    for (var record : event.getRecords()) {
      var buffer = record.getKinesis().getData().duplicate();
      var data = new byte[buffer.remaining()];
      buffer.get(data);
      var decoded = decoder.decode(data);
      String sequenceNumber = record.getKinesis().getSequenceNumber();
      for (var problem : decoded.problems()) System.err.println("record " + sequenceNumber + ": " + problem);
      try {
        for (var line : decoded.lines()) workOnce(line);
      } catch (RuntimeException error) { // Lambda shall send the batch again from this record on
        System.err.println("record " + sequenceNumber + ": " + error);
        return new StreamsEventResponse(List.of(new StreamsEventResponse.BatchItemFailure(sequenceNumber)));
      }
    }
    return new StreamsEventResponse(List.of());
  }

  private void workOnce(JsonNode line) {
    if (line.path("type").asText().equals("extension.stats")) return; // the ledger
    String identity = line.path("instance_id").asText() + " " + line.path("seq").asLong();
    if (seen.contains(identity)) return;
    work(line);
    seen.add(identity); // only now: what failed must not be taken for done
  }

  protected void work(JsonNode event) {
    if (event.path("type").asText().equals("platform.report")) {
      System.out.println(event.path("function_name").asText() + " took " + event.path("duration_ms") + " ms");
    }
  }

  private static JsonNode parse(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node.path("v").asInt() != 1 || !node.path("instance_id").isTextual()) {
        throw new IllegalArgumentException("no telemetry line of schema version 1");
      }
      return node;
    } catch (JsonProcessingException error) {
      throw new IllegalArgumentException(error.getOriginalMessage());
    }
  }
}
