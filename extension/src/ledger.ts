/** Why an event was lost. Open for additions; documented in docs/guarantees.md. */
export type DropReason = 'buffer-full' | 'malformed' | 'rejected' | 'shutdown-deadline' | 'telemetry-off';

/**
 * The books of one process: `received = delivered + dropped + held` at every moment (design rule 7). `held` is what
 * remains, so the sum closes by construction; tests compare it with what the buffer really holds.
 */
export class Ledger {
  public received = 0;
  public delivered = 0;
  public truncated = 0;
  public deliveredBytes = 0;
  public deliveredRecords = 0;
  public calls = 0;
  public retries = 0;
  public throttled = 0;
  /** Events that Lambda itself dropped before they reached us (`platform.logsDropped`). */
  public droppedByLambda = 0;
  /** POSTs that Lambda sent again although they had arrived; their events are counted once. */
  public repeatedPosts = 0;
  public lastErrorCode: string | undefined;
  private readonly droppedBy = new Map<DropReason, number>();

  public drop(reason: DropReason, events: number): void {
    if (events > 0) this.droppedBy.set(reason, (this.droppedBy.get(reason) ?? 0) + events);
  }

  public get dropped(): number {
    let sum = 0;
    for (const events of this.droppedBy.values()) sum += events;
    return sum;
  }

  public get droppedByReason(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.droppedBy);
  }

  public get held(): number {
    return this.received - this.delivered - this.dropped;
  }
}
