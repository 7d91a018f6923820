/**
 * Limits retries to a share of what succeeds, so that an outage makes no storm: every environment of a fleet retries
 * into the same stream. A retry costs one token; a call that succeeds gives back a part of one.
 */
export class RetryBudget {
  private tokens: number;

  public constructor(
    private readonly maxTokens = 20,
    private readonly refill = 0.5,
  ) {
    this.tokens = maxTokens;
  }

  public take(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  public succeeded(): void {
    this.tokens = Math.min(this.maxTokens, this.tokens + this.refill);
  }
}
