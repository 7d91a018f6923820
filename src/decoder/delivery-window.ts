import { InstanceBooks, type InstanceDelivery } from './instance-delivery';
import { isExtensionStats, isTransformFiltered, type TelemetryLine } from './telemetry-line';

export interface DeliveryWindowOptions {
  /**
   * `one` for a reader that has the stream or archive from the birth of the instances on: an instance whose first
   * number seen is 5 lacks four events. `first-seen` for a reader that came later.
   *
   * @default 'one'
   */
  readonly countFrom?: 'one' | 'first-seen';

  /**
   * How many instances to keep in mind; the one not seen for the longest goes first.
   *
   * @default 10000
   */
  readonly maxInstances?: number;

  /**
   * How many separate runs of numbers to keep for an instance; beyond that the lowest gap is given up: should its
   * events come after all, they count as seen. What is known to be filtered out is not given up.
   *
   * @default 1000
   */
  readonly maxRangesPerInstance?: number;

  /**
   * Called for an instance that is forgotten, with what was known of it.
   *
   * @default - nothing is called
   */
  readonly onForget?: (delivery: InstanceDelivery) => void;

  /**
   * The clock, epoch ms.
   *
   * @default Date.now
   */
  readonly now?: () => number;
}

/**
 * Recognizes events by (`instance_id`, `seq`), lets each through once, and knows what is missing: Kinesis and Lambda
 * deliver at least once, the ledger of the extension says how many events there were, and the archive's transform
 * which of them it has filtered out.
 */
export class DeliveryWindow {
  private readonly books = new Map<string, InstanceBooks>();
  private readonly options: Required<DeliveryWindowOptions>;

  public constructor(options: DeliveryWindowOptions = {}) {
    this.options = {
      countFrom: options.countFrom ?? 'one',
      maxInstances: options.maxInstances ?? 10_000,
      maxRangesPerInstance: options.maxRangesPerInstance ?? 1_000,
      onForget: options.onForget ?? (() => undefined),
      now: options.now ?? Date.now,
    };
  }

  /**
   * @returns whether the line is new: an event not seen before, numbers not known to have been filtered out, or a
   * ledger that says more than the last one
   */
  public add(line: TelemetryLine): boolean {
    return this.booksOf(line.instance_id).add(line);
  }

  /**
   * The lines that are new, each once, without remembering them. For a consumer whose work can fail: work on these,
   * then `filter` the batch; a batch that is sent again after a failure is then not mistaken for done.
   */
  public unseen<L extends TelemetryLine>(lines: Iterable<L>): L[] {
    const here = new Set<string>();
    return [...lines].filter((line) => {
      if (this.books.get(line.instance_id)?.has(line)) return false;
      if (isExtensionStats(line)) return true;
      const through = isTransformFiltered(line) ? `-${line.through_seq}` : '';
      const identity = `${line.instance_id} ${line.seq}${through}`;
      return !here.has(identity) && here.add(identity);
    });
  }

  /** The lines that are new, in their order; remembers them. */
  public filter<L extends TelemetryLine>(lines: Iterable<L>): L[] {
    return [...lines].filter((line) => this.add(line));
  }

  /** What is known of each instance, the least recently seen first. */
  public deliveries(): InstanceDelivery[] {
    return [...this.books.values()].map((books) => books.report());
  }

  /** The instances of which something is missing that the extension has not itself reported as dropped. */
  public suspects(): InstanceDelivery[] {
    return this.deliveries().filter(({ verdict }) => verdict === 'lost' || verdict === 'pending');
  }

  /**
   * Forgets the instances that have not been heard of for so long: an environment that rests says nothing, so take
   * hours, not minutes.
   *
   * @returns what was known of them; `onForget` is called too
   */
  public forgetIdle(idleMs: number): InstanceDelivery[] {
    const before = this.options.now() - idleMs;
    return [...this.books].filter(([, { seenAt }]) => seenAt < before).map(([id, books]) => this.forget(id, books));
  }

  private booksOf(instanceId: string): InstanceBooks {
    const { countFrom, maxRangesPerInstance, maxInstances, now } = this.options;
    const books = this.books.get(instanceId) ?? new InstanceBooks(instanceId, countFrom, maxRangesPerInstance);
    books.seenAt = now();
    this.books.delete(instanceId);
    this.books.set(instanceId, books); // a Map keeps the order of insertion: the first is the one not seen for longest
    if (this.books.size > maxInstances) {
      const [oldest] = this.books;
      if (oldest) this.forget(...oldest);
    }
    return books;
  }

  private forget(instanceId: string, books: InstanceBooks): InstanceDelivery {
    this.books.delete(instanceId);
    const delivery = books.report();
    this.options.onForget(delivery);
    return delivery;
  }
}
