const FIRST_BYTES = 65_536;

/**
 * Gathers a body in memory that is used again for the next one: a new piece for every POST would gather outside V8's
 * heap by tens of MiB before it is freed.
 */
export class BodyScratch {
  private memory = Buffer.alloc(0);
  private bytes = 0;

  /** Starts a new body, of `expectedBytes` where that is known. */
  public begin(expectedBytes = 0): void {
    this.bytes = 0;
    this.reserve(expectedBytes);
  }

  public append(source: Buffer, start: number, end: number): void {
    this.reserve(this.bytes + end - start);
    this.bytes += source.copy(this.memory, this.bytes, start, end);
  }

  /** What has been gathered, valid until the next one begins. */
  public get body(): Buffer {
    return this.memory.subarray(0, this.bytes);
  }

  private reserve(bytes: number): void {
    if (bytes <= this.memory.length) return;
    const { body } = this;
    this.memory = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 ** Math.ceil(Math.log2(bytes))));
    body.copy(this.memory);
  }
}
