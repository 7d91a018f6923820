const NEARLY_FULL = 0.75;
const MAX_DELAY_MS = 100;
/** What the delays of one episode may add up to; an episode ends when there is room again. */
const MAX_TOTAL_DELAY_MS = 2_000;

/**
 * How long the listener waits with its answer. While the budget is nearly full and Kinesis takes what we send, Lambda's
 * own buffer holds back for us; where nothing drains, waiting would only delay the function's end.
 */
export class BackPressure {
  private spentMs = 0;

  /** `fill`: the used share of the memory budget, 0 to 1. */
  public answerDelayMs(fill: number, isDraining: boolean): number {
    if (fill < NEARLY_FULL) {
      this.spentMs = 0;
      return 0;
    }
    if (!isDraining) return 0;
    const wanted = Math.ceil((MAX_DELAY_MS * (Math.min(fill, 1) - NEARLY_FULL)) / (1 - NEARLY_FULL));
    const delayMs = Math.min(wanted, MAX_TOTAL_DELAY_MS - this.spentMs);
    this.spentMs += delayMs;
    return delayMs;
  }
}
