import { BatchDelivery } from '../../extension/src/batch-delivery';
import { CircuitBreaker } from '../../extension/src/circuit-breaker';
import { Ledger } from '../../extension/src/ledger';
import { Logger } from '../../extension/src/logger';
import { type BufferedRecord, RecordBuffer } from '../../extension/src/record-buffer';
import { RetryBudget } from '../../extension/src/retry-budget';
import { FakeClock } from './fake-clock';
import { ScriptedKinesis } from './scripted-kinesis';

/** Everything between the buffer and Kinesis, with real parts but for the clock and Kinesis itself. */
export function newDeliveryBench(options: { random?: () => number; maxBufferBytes?: number } = {}) {
  const { random = () => 0.5, maxBufferBytes = 1_000_000 } = options;
  const clock = new FakeClock();
  const kinesis = new ScriptedKinesis(clock);
  const ledger = new Ledger();
  const lines: string[] = [];
  const log = new Logger('warn', (line) => lines.push(line), clock.now);
  const limits = { maxBufferBytes, packBytes: 1_000, packLines: 1, separateRequests: false };
  const buffer = new RecordBuffer(limits, (record) => ledger.drop('buffer-full', record.events));
  const breaker = new CircuitBreaker(clock.now, random);
  let keys = 0;
  const keyOf = () => {
    keys += 1;
    return `key-${keys}`;
  };
  const budget = new RetryBudget();
  const delivery = new BatchDelivery({ client: kinesis, buffer, ledger, breaker, budget, clock, random, log, keyOf });
  /** Receives one event per text, each a record of its own. */
  const receive = (...texts: string[]): void => {
    for (const text of texts) {
      const data = Buffer.from(text);
      ledger.received += 1;
      const span = buffer.reserve(data.length, { seq: ledger.received, now: clock.now() });
      if (span === undefined) ledger.drop('buffer-full', 1);
      else data.copy(span.target, span.at);
    }
  };
  const take = (maxRecords = 500): BufferedRecord[] => buffer.take({ maxRecords, maxBytes: 1_000_000 }, true);
  /** The texts that wait in the buffer, which is emptied. */
  const waiting = (): string[] => take(1_000_000).map(({ data }) => data.toString());
  return { clock, kinesis, ledger, lines, log, buffer, breaker, budget, delivery, random, receive, take, waiting };
}
