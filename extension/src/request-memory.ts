const STEP_BYTES = 65_536;
/** One for each call that can be in flight. */
const MAX_SPARE = 4;

/**
 * Memory for request bodies that is used again: a body of 1.4 MB lives through its call, V8 takes it for long-lived,
 * and tens of MiB of such gather before it frees them (docs/decisions/0002-encode-on-arrival.md).
 */
export class RequestMemory {
  private readonly spare: Buffer[] = [];

  /** Memory of at least `bytes` bytes, with anything in it. */
  public take(bytes: number): Buffer {
    const found = this.spare.findIndex(({ length }) => length >= bytes);
    if (found >= 0) return this.spare.splice(found, 1)[0] as Buffer;
    // The next body is seldom of exactly the same size; those of full batches differ by less than one packed record.
    return Buffer.allocUnsafeSlow((Math.ceil(bytes / STEP_BYTES) + 1) * STEP_BYTES);
  }

  /** `body`: what was taken, or a part of it; nobody may read it any more. */
  public giveBack(body: Buffer): void {
    this.spare.push(Buffer.from(body.buffer));
    this.spare.sort((a, b) => b.length - a.length).splice(MAX_SPARE);
  }
}
