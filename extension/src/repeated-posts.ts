const REMEMBERED = 8;
const EDGE_BYTES = 128;
const SAMPLES = 64;
/** A body this close to one of Lambda's buffer limits was cut by size, not by time. */
const CUT_BY_SIZE = 0.9;

/**
 * Recognises a POST that Lambda repeats because it did not get our answer (after a freeze, or a lost connection).
 *
 * Equal bytes alone prove nothing: a function may write the same line thousands of times within a millisecond. But a
 * batch is cut by time or by size. One cut by time is followed by later events, and in one whose first and last events
 * differ in time an equal first event would lie in the past: in both cases equal bytes are a repetition. What remains,
 * a batch cut by size within one millisecond, counts as repeated only when our answer is known to have failed.
 */
export class RepeatedPosts {
  private readonly seen: string[] = [];
  private readonly unanswered = new Set<string>();

  public constructor(
    private readonly bufferMaxBytes: number,
    private readonly bufferMaxItems: number,
  ) {}

  public isRepeated(body: Buffer, print = fingerprint(body)): boolean {
    if (this.seen.includes(print)) {
      if (this.unanswered.delete(print) || !this.mayBeTwin(body)) return true;
    } else {
      this.seen.push(print);
      if (this.seen.length > REMEMBERED) this.unanswered.delete(this.seen.shift() as string);
    }
    return false;
  }

  /** Our answer to the body with this fingerprint did not reach Lambda. */
  public answerFailed(print: string): void {
    if (this.seen.includes(print)) this.unanswered.add(print);
  }

  /** Whether another batch with the same bytes can be genuine. */
  private mayBeTwin(body: Buffer): boolean {
    const cutBySize =
      body.length >= this.bufferMaxBytes * CUT_BY_SIZE || countTimes(body) >= this.bufferMaxItems * CUT_BY_SIZE;
    if (!cutBySize) return false;
    const [first, last] = [timeAt(body, body.indexOf('"time"')), timeAt(body, body.lastIndexOf('"time"'))];
    return first === last;
  }
}

/** Length, both ends and evenly spread bytes: enough, as both ends carry times and request ids. */
export function fingerprint(body: Buffer): string {
  let samples = '';
  const step = Math.max(1, Math.floor(body.length / SAMPLES));
  for (let at = 0; at < body.length; at += step) samples += String.fromCharCode(body[at] as number);
  const head = body.toString('latin1', 0, EDGE_BYTES);
  const tail = body.toString('latin1', Math.max(0, body.length - EDGE_BYTES));
  return `${body.length}:${head}:${tail}:${samples}`;
}

function timeAt(body: Buffer, at: number): string {
  return at < 0 ? '' : body.toString('latin1', at, at + 40);
}

function countTimes(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf('"time"'); at >= 0; at = body.indexOf('"time"', at + 6)) count += 1;
  return count;
}
