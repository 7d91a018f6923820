const REMEMBERED = 32;
/** Lambda's longest time-out. What is older yet comes from before a long freeze, or from another clock. */
const MAX_INVOCATION_MS = 900_000;

interface End {
  readonly requestId: string;
  /** Epoch ms. */
  readonly endedAt: number;
}

interface Wait {
  readonly requestId: string;
  readonly invokedAt: number;
  readonly maxBehindMs: number;
  readonly resolve: (endedAt: number | undefined) => void;
}

/** Which invocations the runtime has finished (`platform.runtimeDone`), and who waits for one of them. */
export class InvocationEnds {
  private readonly ended: End[] = [];
  private readonly started: string[] = [];
  private waiting: Wait | undefined;

  public markStarted(requestId: string): void {
    this.started.push(requestId);
    if (this.started.length > REMEMBERED) this.started.shift();
  }

  /** How many invocations have started whose ends have not arrived: how far Lambda's telemetry is behind. */
  public get unfinished(): number {
    return this.started.length;
  }

  public markEnded(requestId: string, endedAt: number): void {
    const at = this.started.indexOf(requestId);
    // Ends come in order: one that is still missing then was lost, and must not be waited for.
    if (at >= 0) this.started.splice(0, at + 1);
    this.ended.push({ requestId, endedAt });
    if (this.ended.length > REMEMBERED) this.ended.shift();
    if (this.waiting?.requestId === requestId) this.settle(endedAt);
  }

  /**
   * Telemetry has arrived whose last event is of `eventAt`. While Lambda hands over what is long past, the invocation
   * may have ended as long ago: nobody waits on. Silence tells nothing, and is waited through.
   */
  public observe(eventAt: number, now: number): void {
    const { waiting } = this;
    if (waiting === undefined || eventAt < waiting.invokedAt - MAX_INVOCATION_MS) return;
    // What was logged before a freeze is old however quickly it is handed over.
    if (now - Math.max(eventAt, waiting.invokedAt) > waiting.maxBehindMs) this.settle(undefined);
  }

  public hasEnded(requestId: string): boolean {
    return this.ended.some((end) => end.requestId === requestId);
  }

  /**
   * Resolves to the time of the end of `requestId`, or to undefined as soon as what arrives lies more than `maxBehindMs`
   * back. One invocation at a time: a new wait forgets the one before.
   */
  public whenEnded(requestId: string, invokedAt: number, maxBehindMs: number): Promise<number | undefined> {
    const known = this.ended.find((end) => end.requestId === requestId);
    if (known !== undefined) return Promise.resolve(known.endedAt);
    return new Promise((resolve) => {
      this.waiting = { requestId, invokedAt, maxBehindMs, resolve };
    });
  }

  private settle(outcome: number | undefined): void {
    this.waiting?.resolve(outcome);
    this.waiting = undefined;
  }
}
