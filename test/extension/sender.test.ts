import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BatchLimits } from '../../extension/src/batcher';
import { compressRecords } from '../../extension/src/record-compressor';
import { Sender } from '../../extension/src/sender';
import { newDeliveryBench } from './delivery-bench';
import { settled } from './fake-clock';

const THROTTLED = 'ProvisionedThroughputExceededException';

function newSender(
  options: { limits?: BatchLimits; gzip?: boolean; random?: () => number; maxBufferBytes?: number } = {},
) {
  const { limits = { maxRecords: 2, maxBytes: 1_048_576 }, gzip = false, ...rest } = options;
  const bench = newDeliveryBench(rest);
  const { delivery, kinesis, buffer, breaker, clock, log } = bench;
  const prepare: ConstructorParameters<typeof Sender>[0]['prepare'] = gzip
    ? (records) => compressRecords(records, 25_000)
    : (records) => records;
  const sender = new Sender({ delivery, client: kinesis, buffer, breaker, clock, log, limits, prepare });
  return { ...bench, sender };
}

test('sends nothing while only full batches are wanted and none is full', async () => {
  const { clock, kinesis, sender, receive } = newSender();
  receive('a');
  sender.start('full-batches');
  await clock.advance(1_000);
  expect(kinesis.calls).toEqual([]);
});

test('sends full batches and leaves the rest', async () => {
  const { clock, kinesis, sender, receive, waiting } = newSender();
  receive('a', 'b', 'c', 'd', 'e');
  sender.start('full-batches');
  await clock.advance(1_000);
  expect(kinesis.calls.map(({ data }) => data)).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(waiting()).toEqual(['e']);
});

test('sends everything, two calls at a time', async () => {
  const { clock, kinesis, sender, receive, buffer } = newSender();
  receive('a', 'b', 'c', 'd', 'e', 'f', 'g');
  sender.start('everything');
  await clock.advance(1_000);
  expect(kinesis.written).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(kinesis.mostUnderWay).toBe(2);
  expect(buffer.heldBytes).toBe(0);
});

test('resolves a flush when all is sent', async () => {
  const { clock, kinesis, sender, receive } = newSender();
  receive('a', 'b', 'c');
  const from = clock.now();
  await clock.until(sender.flush(clock.now() + 500));
  expect(clock.now() - from).toBe(kinesis.latencyMs);
  expect(kinesis.written).toEqual(['a', 'b', 'c']);
});

test('resolves a flush at its bound, opens the breaker, and finishes in the background', async () => {
  const { clock, kinesis, sender, receive, breaker } = newSender();
  kinesis.latencyMs = 2_000;
  receive('a');
  const from = clock.now();
  await clock.until(sender.flush(from + 500));
  expect(clock.now() - from).toBe(500);
  expect(breaker.state).toBe('open');
  await clock.advance(2_000);
  expect(kinesis.written).toEqual(['a']);
  expect(breaker.state).toBe('closed');
});

test('does not make the breaker pay for a flush that left Kinesis too little time', async () => {
  const { clock, kinesis, sender, receive, breaker } = newSender();
  kinesis.latencyMs = 200;
  receive('a');
  await clock.until(sender.flush(clock.now() + 20, { isTelling: false }));
  expect(breaker.state).toBe('closed');
});

test('does not let calls without an answer take the places of others, up to four in all', async () => {
  const { clock, kinesis, sender, receive } = newSender({ limits: { maxRecords: 1, maxBytes: 1_000 } });
  kinesis.latencyMs = 2_000;
  receive('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  sender.start('everything');
  const underWay: number[] = [];
  for (const afterMs of [0, 490, 20, 480, 20, 480]) {
    await clock.advance(afterMs);
    underWay.push(kinesis.calls.length);
  }
  expect(underWay).toEqual([2, 2, 4, 4, 4, 4]);
  expect(kinesis.mostUnderWay).toBe(4);
  await clock.advance(10_000);
  expect(kinesis.written.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
});

test('does not make the breaker pay for a flush in which some call succeeded', async () => {
  const { clock, kinesis, sender, receive, breaker } = newSender({ limits: { maxRecords: 1, maxBytes: 1_000 } });
  kinesis.latencyMs = 200;
  receive('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  await clock.until(sender.flush(clock.now() + 500));
  expect(breaker.state).toBe('closed');
});

test('does not wait, and sends nothing, while the breaker is open', async () => {
  const { kinesis, clock, sender, receive, breaker } = newSender();
  receive('a');
  breaker.failed(true);
  await sender.flush(clock.now() + 500);
  await settled();
  expect(kinesis.calls).toEqual([]);
});

test('probes with one call when the breaker is half open, without waiting, and goes on when it succeeds', async () => {
  const { kinesis, clock, sender, receive, breaker } = newSender();
  receive('a', 'b', 'c', 'd', 'e', 'f');
  breaker.failed(true);
  await clock.advance(1_000);
  await sender.flush(clock.now() + 500);
  expect(kinesis.underWay).toBe(1);
  await clock.advance(1_000);
  expect(kinesis.written).toHaveLength(6);
});

test('stops after a batch that failed until it is started again', async () => {
  const { kinesis, clock, sender, receive, ledger } = newSender({ limits: { maxRecords: 1, maxBytes: 1_000 } });
  kinesis.otherwise = 'AccessDeniedException';
  receive('a', 'b', 'c', 'd', 'e');
  await clock.until(sender.flush(clock.now() + 500));
  await clock.advance(10_000);
  expect(kinesis.calls).toHaveLength(2); // those that were under way
  expect(ledger.held).toBe(5);
  kinesis.otherwise = () => undefined;
  sender.start('everything');
  await clock.advance(1_000);
  expect(kinesis.written.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('sends with up to eight calls at a time at SHUTDOWN, whatever the breaker says', async () => {
  const { kinesis, clock, sender, receive, breaker } = newSender({ limits: { maxRecords: 1, maxBytes: 1_000 } });
  receive(...Array.from({ length: 20 }, (_, index) => `r${index}`));
  breaker.failed(true);
  await clock.until(sender.flushFinally(clock.now() + 1_000));
  expect(kinesis.mostUnderWay).toBe(8);
  expect(kinesis.written).toHaveLength(20);
});

test('hastens the calls from before SHUTDOWN, once', async () => {
  const { kinesis, clock, sender } = newSender();
  await sender.flushFinally(clock.now() + 600);
  await sender.flushFinally(clock.now() + 600);
  expect(kinesis.hastened).toEqual([200]);
});

test('tries again at SHUTDOWN until its bound, and not at all after a refused permission', async () => {
  const first = newSender();
  first.receive('a');
  first.kinesis.otherwise = 'InternalFailure';
  const until = first.clock.now() + 1_000;
  await first.clock.until(first.sender.flushFinally(until));
  expect(first.kinesis.calls.length).toBeGreaterThan(5);
  expect(first.clock.now()).toBeLessThanOrEqual(until);

  const second = newSender();
  second.receive('a');
  second.kinesis.otherwise = 'AccessDeniedException';
  await second.clock.until(second.sender.flushFinally(second.clock.now() + 1_000));
  expect(second.kinesis.calls).toHaveLength(1);
});

test('resolves at its bound at SHUTDOWN when Kinesis does not answer', async () => {
  const { kinesis, clock, sender, receive } = newSender();
  receive('a');
  kinesis.latencyMs = 60_000;
  const until = clock.now() + 1_000;
  await clock.until(sender.flushFinally(until));
  expect(clock.now()).toBe(until);
});

test('keeps the books of the buffer when records are compressed on their way', async () => {
  const { kinesis, clock, sender, receive, buffer, ledger } = newSender({ gzip: true });
  kinesis.script = ['AccessDeniedException'];
  receive('x'.repeat(900), 'y'.repeat(900));
  await clock.until(sender.flush(clock.now() + 500));
  expect(buffer.heldBytes).toBeGreaterThan(0);
  expect(buffer.heldBytes).toBeLessThan(200);
  expect(buffer.heldBytes).toBe(buffer.sendableBytes);
  await clock.advance(2_000);
  sender.start('everything');
  await clock.advance(1_000);
  expect(ledger).toMatchObject({ delivered: 2, held: 0 });
  expect(buffer.heldBytes).toBe(0);
});

test('closes its books whatever is started when and whatever Kinesis answers', async () => {
  const code = fc.constantFrom(
    undefined,
    undefined,
    undefined,
    THROTTLED,
    'InternalFailure',
    'InvalidArgumentException',
  );
  const answer = fc.oneof(
    fc.infiniteStream(code).map((codes) => () => codes.next().value),
    fc.constantFrom('Timeout', 'ConnectionLost', 'AccessDeniedException', 'ValidationException'),
  );
  const action = fc.oneof(
    fc.record({ do: fc.constant('receive' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ do: fc.constantFrom('flush' as const, 'start' as const, 'full' as const), count: fc.constant(0) }),
    fc.record({ do: fc.constant('advance' as const), count: fc.constantFrom(1, 20, 1_000, 70_000) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { maxLength: 30 }),
      fc.array(answer, { maxLength: 20 }),
      async (actions, script) => {
        const { kinesis, clock, sender, receive, buffer, ledger } = newSender({ maxBufferBytes: 60 });
        kinesis.script = script;
        let name = 0;
        for (const next of actions) {
          if (next.do === 'receive') for (let count = 0; count < next.count; count += 1) receive(`r${name++}`);
          else if (next.do === 'advance') await clock.advance(next.count);
          else if (next.do === 'flush') await clock.until(sender.flush(clock.now() + 100));
          else sender.start(next.do === 'full' ? 'full-batches' : 'everything');
          expect(buffer.heldBytes).toBeLessThanOrEqual(60);
          expect(ledger.held).toBeGreaterThanOrEqual(0);
        }
        await clock.advance(120_000); // whatever is under way comes to its end
        kinesis.script = [];
        await clock.until(sender.flushFinally(clock.now() + 60_000));
        expect(buffer.heldBytes).toBe(0);
        expect(ledger.held).toBe(0);
        expect(ledger.delivered).toBe(kinesis.written.length);
        expect(new Set(kinesis.written).size).toBe(kinesis.written.length);
      },
    ),
    { numRuns: 150 },
  );
});
