import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** A Lambda consumer of the stream. Set ReportBatchItemFailures on its event source mapping. */
public class TelemetryHandler implements RequestHandler<KinesisEvent, StreamsEventResponse> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TelemetryDecoder<Map<String, Object>> decoder = new TelemetryDecoder<>(TelemetryHandler::parse);

  /** Outlives the invocation. */
  private final DeliveryWindow window = new DeliveryWindow(DeliveryWindow.CountFrom.FIRST_SEEN);

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
        window.unseen(decoded.lines()).stream().filter(TelemetryLine::isEvent).forEach(this::work);
      } catch (RuntimeException error) { // Lambda shall send the batch again from this record on
        System.err.println("record " + sequenceNumber + ": " + error);
        return new StreamsEventResponse(List.of(new StreamsEventResponse.BatchItemFailure(sequenceNumber)));
      }
      window.filter(decoded.lines()); // only now: what failed must not be taken for done
    }
    for (var delivery : window.suspects()) {
      System.err.println(delivery.instanceId() + " lacks " + delivery.gaps() + " so far");
    }
    return new StreamsEventResponse(List.of());
  }

  protected void work(Map<String, Object> event) {
    if ("platform.report".equals(event.get("type"))) {
      System.out.println(event.get("function_name") + " took " + event.get("duration_ms") + " ms");
    }
  }

  private static Map<String, Object> parse(String line) {
    try {
      return TelemetryLine.checked(JSON.readValue(line, new TypeReference<Map<String, Object>>() {}));
    } catch (JsonProcessingException error) {
      throw new IllegalArgumentException(error.getOriginalMessage());
    }
  }
}
