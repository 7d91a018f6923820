import { type Clock, sleep } from './clock';

export interface ShutdownDependencies {
  readonly clock: Clock;
  /** Milliseconds since a POST was last under way. */
  readonly quietMs: () => number;
  /** Whether an invocation has started whose end has not been told: Lambda still has telemetry for us. */
  readonly awaitsEnd: () => boolean;
  /** Whether everything that was received is delivered or given up. */
  readonly isEmpty: () => boolean;
  readonly flushFinally: (until: number) => Promise<void>;
  /** Takes nothing more, books what is still held as lost and puts the last ledger line into the empty buffer. */
  readonly closeBooks: () => void;
  /** What the stream will not tell stands in the log. */
  readonly reportLosses: () => void;
}

/** Lambda's last POSTs come within some 40 ms (elastic/apm-aws-lambda#347); its buffer adds its time-out. */
const QUIET_MS = 60;
/** While more is known to come, silence may be a platform that is slow. What comes after us is lost, and not counted. */
const QUIET_BEFORE_END_MS = 300;
const QUIET_POLL_MS = 10;
/** Kept for the last ledger line. */
const RESERVE_MS = 200;
const EXIT_MARGIN_MS = 300;
/** Lambda grants 2 s and gives the runtime up to 600 ms of them first. */
const MAX_TOTAL_MS = 1_200;

/**
 * The work of SHUTDOWN, in a budget: sends what is held until the listener has fallen quiet and nothing is left, then
 * the last line of the ledger.
 */
export async function shutDown(deadlineMs: number | undefined, use: ShutdownDependencies): Promise<void> {
  const { clock } = use;
  const startedAt = clock.now();
  const leftMs = (deadlineMs ?? startedAt + 2_000) - startedAt - EXIT_MARGIN_MS;
  const budgetMs = Math.min(MAX_TOTAL_MS, Math.max(100, leftMs));
  const end = startedAt + budgetMs;
  const dataUntil = end - Math.min(RESERVE_MS, budgetMs / 4);
  const isQuiet = () =>
    Math.min(use.quietMs(), clock.now() - startedAt) >= (use.awaitsEnd() ? QUIET_BEFORE_END_MS : QUIET_MS);

  let sending = use.flushFinally(dataUntil);
  while (clock.now() < dataUntil) {
    while (!isQuiet() && clock.now() < dataUntil) await sleep(clock, QUIET_POLL_MS);
    await sending;
    // Lambda may have a backlog of its own to hand over: as long as it does, and time is left, it is taken.
    if (isQuiet() && use.isEmpty()) break;
    sending = use.flushFinally(dataUntil);
    await sending;
    if (isQuiet()) break;
  }
  await sending;
  use.closeBooks();
  await use.flushFinally(end);
  use.reportLosses();
}
