const REMEMBERED = 32;

/** Which invocations the runtime has finished (`platform.runtimeDone`), and who waits for one of them. */
export class InvocationEnds {
  private readonly ended: string[] = [];
  private readonly started: string[] = [];
  private waiting: { requestId: string; resolve: () => void } | undefined;

  public markStarted(requestId: string): void {
    this.started.push(requestId);
    if (this.started.length > REMEMBERED) this.started.shift();
  }

  /** How many invocations have started whose ends have not arrived: how far Lambda's telemetry is behind. */
  public get unfinished(): number {
    return this.started.length;
  }

  public markEnded(requestId: string): void {
    const at = this.started.indexOf(requestId);
    // Ends come in order: one that is still missing then was lost, and must not be waited for.
    if (at >= 0) this.started.splice(0, at + 1);
    this.ended.push(requestId);
    if (this.ended.length > REMEMBERED) this.ended.shift();
    if (this.waiting?.requestId === requestId) this.waiting.resolve();
  }

  public hasEnded(requestId: string): boolean {
    return this.ended.includes(requestId);
  }

  /** Resolves when `requestId` has ended. One invocation at a time: a new wait forgets the one before. */
  public whenEnded(requestId: string): Promise<void> {
    if (this.hasEnded(requestId)) return Promise.resolve();
    return new Promise((resolve) => {
      this.waiting = { requestId, resolve };
    });
  }
}
