import java.util.List;
import java.util.Map;

/**
 * What a reader knows of the delivery from one instance.
 *
 * @param functionName null where no line has told it
 * @param events distinct ones
 * @param duplicates events seen once more
 * @param filtered left out on purpose by the archive's transform; neither in {@code events} nor in {@code missing}
 * @param highestSeq by an event, or by the ledger
 * @param dropped what the extension itself says it dropped, by its latest ledger
 * @param droppedByLambda before they had a number
 * @param givenUp behind gaps that were given up to bound the memory; not part of {@code missing}
 * @param isFinal the last ledger of the instance has been seen
 */
public record InstanceDelivery(
    String instanceId,
    String functionName,
    long events,
    long duplicates,
    long filtered,
    long highestSeq,
    long missing,
    List<SequenceRanges.Range> gaps,
    long dropped,
    Map<String, Long> droppedByReason,
    long droppedByLambda,
    long givenUp,
    boolean isFinal,
    Verdict verdict) {

  public enum Verdict {
    /** Every event known to have been given a number is there, or was filtered out. */
    COMPLETE,
    /** What is missing, the extension has itself reported as dropped. */
    DROPPED,
    /** Events are missing that may still be on their way; the final ledger has not been seen. */
    PENDING,
    /** The final ledger is there, and more is missing than the extension has dropped. */
    LOST
  }
}
