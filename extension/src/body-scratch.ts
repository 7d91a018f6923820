const FIRST_BYTES = 65_536;

/**
 * Joins the chunks of a body in memory that is used again for the next one: a new piece for every POST would gather
 * outside V8's heap by tens of MiB before it is freed.
 */
export class BodyScratch {
  private memory: Buffer | undefined;

  /** The chunks as one piece, valid until the next call. */
  public join(chunks: readonly Buffer[], bytes: number): Buffer {
    if (chunks.length === 1) return chunks[0] as Buffer;
    if (this.memory === undefined || this.memory.length < bytes) {
      this.memory = Buffer.allocUnsafeSlow(Math.max(FIRST_BYTES, 2 ** Math.ceil(Math.log2(Math.max(1, bytes)))));
    }
    let at = 0;
    for (const chunk of chunks) at += chunk.copy(this.memory, at);
    return this.memory.subarray(0, bytes);
  }
}
