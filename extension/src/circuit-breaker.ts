const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

export type CircuitState = 'closed' | 'open' | 'half-open';

/**
 * Keeps the function's duration from growing with an outage (design rule 8): after a run of failures nothing is sent
 * for a jittered pause that doubles up to a minute; then one call at a time probes, and nobody waits for it.
 */
export class CircuitBreaker {
  private failuresInRow = 0;
  private openings = 0;
  private openingsInRow = 0;
  private closedAgainAt: number | undefined;

  public constructor(
    private readonly now: () => number,
    private readonly random: () => number,
  ) {}

  public get state(): CircuitState {
    if (this.closedAgainAt === undefined) return 'closed';
    const left = this.closedAgainAt - this.now();
    // A clock that was set back must not prolong the pause.
    return left > 0 && left <= MAX_PAUSE_MS ? 'open' : 'half-open';
  }

  /** How often it has opened in this process's life. */
  public get opened(): number {
    return this.openings;
  }

  public succeeded(): void {
    this.failuresInRow = 0;
    this.openingsInRow = 0;
    this.closedAgainAt = undefined;
  }

  /** `decisive`: one failure is enough (a refused permission, a flush that ran into its bound). */
  public failed(decisive = false): void {
    this.failuresInRow += 1;
    if (this.state === 'open') return;
    if (decisive || this.state === 'half-open' || this.failuresInRow >= FAILURES_TO_OPEN) this.open();
  }

  private open(): void {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.openingsInRow, MAX_PAUSE_MS);
    this.openings += 1;
    this.openingsInRow += 1;
    this.closedAgainAt = this.now() + pause * (0.5 + this.random() / 2);
  }
}
