const REMEMBERED = 32;

/** Which invocations the runtime has finished (`platform.runtimeDone`), and who waits for one of them. */
export class InvocationEnds {
  private readonly ended: string[] = [];
  private waiting: { requestId: string; resolve: () => void } | undefined;

  public markEnded(requestId: string): void {
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
