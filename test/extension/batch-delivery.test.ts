import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { newDeliveryBench } from './delivery-bench';
import type { Answer } from './scripted-kinesis';

const THROTTLED = 'ProvisionedThroughputExceededException';
const names = (count: number, name = 'r') => Array.from({ length: count }, (_, index) => `${name}${index}`);

test('delivers a batch in one call and books it', async () => {
  const { clock, kinesis, ledger, buffer, delivery, receive, take } = newDeliveryBench();
  receive('aa', 'bbb');
  expect(await clock.until(delivery.deliver(take()))).toBe('settled');
  expect(kinesis.written).toEqual(['aa', 'bbb']);
  expect(ledger).toMatchObject({ delivered: 2, deliveredRecords: 2, deliveredBytes: 5, calls: 1, retries: 0, held: 0 });
  expect(buffer.heldBytes).toBe(0);
  expect(delivery.succeededCalls).toBe(1);
});

test('resends only what failed, with fresh keys', async () => {
  const { clock, kinesis, ledger, delivery, receive, take } = newDeliveryBench();
  receive('a', 'b', 'c');
  kinesis.script = [
    (data) => (data === 'b' ? THROTTLED : undefined),
    (data) => (data === 'b' ? 'InternalFailure' : undefined),
  ];
  expect(await clock.until(delivery.deliver(take()))).toBe('settled');
  expect(kinesis.calls.map(({ data }) => data)).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  expect(new Set(kinesis.calls.flatMap(({ keys }) => keys)).size).toBe(5);
  expect(ledger).toMatchObject({ delivered: 3, retries: 2, throttled: 1, lastErrorCode: 'InternalFailure' });
});

test.each([
  ['ConnectionLost', 0],
  ['ExpiredTokenException', 0],
  ['InternalFailure', 25],
  [THROTTLED, 100],
])('pauses after %s for %i ms', async (code, pauseMs) => {
  const { clock, kinesis, delivery, receive, take } = newDeliveryBench();
  receive('a');
  kinesis.script = [code];
  const from = clock.now();
  await clock.until(delivery.deliver(take()));
  expect(clock.now() - from).toBe(pauseMs + 2 * kinesis.latencyMs);
});

test('gives up after five attempts and gives the rest back, in order', async () => {
  const { clock, kinesis, buffer, delivery, receive, take, waiting } = newDeliveryBench();
  receive('a', 'b', 'c');
  kinesis.otherwise = (data) => (data === 'b' ? undefined : THROTTLED);
  expect(await clock.until(delivery.deliver(take()))).toBe('given-back');
  expect(kinesis.calls).toHaveLength(5);
  expect(buffer.sendableRecords).toBe(2);
  expect(waiting()).toEqual(['a', 'c']);
});

test('parks at once what a refused permission stops, and opens the breaker', async () => {
  const { clock, kinesis, breaker, delivery, receive, take, waiting, lines } = newDeliveryBench();
  receive('a');
  kinesis.otherwise = 'AccessDeniedException';
  expect(await clock.until(delivery.deliver(take()))).toBe('parked');
  expect(kinesis.calls).toHaveLength(1);
  expect(breaker.state).toBe('open');
  expect(waiting()).toEqual(['a']);
  expect(lines).toEqual([expect.stringContaining('AccessDeniedException')]);
});

test('does not retry while the breaker is open or the retry budget is used up', async () => {
  const first = newDeliveryBench();
  first.receive('a');
  first.breaker.failed(true);
  first.kinesis.otherwise = 'InternalFailure';
  expect(await first.clock.until(first.delivery.deliver(first.take()))).toBe('given-back');
  expect(first.kinesis.calls).toHaveLength(1);

  const second = newDeliveryBench();
  second.receive('a');
  while (second.budget.take());
  second.kinesis.otherwise = 'InternalFailure';
  expect(await second.clock.until(second.delivery.deliver(second.take()))).toBe('given-back');
  expect(second.kinesis.calls).toHaveLength(1);
});

test('delivers the neighbours of an invalid record and drops it alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.uniqueArray(fc.nat({ max: 59 }), { maxLength: 3 }),
      async (count, bad) => {
        const { clock, kinesis, ledger, buffer, delivery, receive, take, lines } = newDeliveryBench();
        receive('first');
        await clock.until(delivery.deliver(take()));
        const good = names(count);
        const texts = [...good];
        for (const [index, at] of bad.entries()) texts.splice(at % (texts.length + 1), 0, `poison-${index}`);
        receive(...texts);
        expect(await clock.until(delivery.deliver(take()))).toBe('settled');
        expect([...kinesis.written].sort()).toEqual(['first', ...good].sort());
        expect(ledger.droppedByReason).toEqual(bad.length === 0 ? {} : { rejected: bad.length });
        expect(ledger.held).toBe(0);
        expect(buffer.heldBytes).toBe(0);
        expect(kinesis.calls.length).toBeLessThanOrEqual(2 + bad.length * 2 * Math.ceil(Math.log2(texts.length + 1)));
        expect(lines.filter((line) => line.includes('for good'))).toHaveLength(Math.min(bad.length, 1));
      },
    ),
    { numRuns: 60 },
  );
});

test('parks, with few calls, when everything is refused as invalid and nothing was ever accepted', async () => {
  const { clock, kinesis, ledger, breaker, delivery, receive, take, waiting } = newDeliveryBench();
  receive(...names(500));
  kinesis.otherwise = 'ValidationException';
  expect(await clock.until(delivery.deliver(take()))).toBe('parked');
  expect(kinesis.calls.length).toBeLessThanOrEqual(10); // 500 halved until one stands alone
  expect(breaker).toMatchObject({ state: 'open', opened: 1 });
  expect(ledger).toMatchObject({ dropped: 0, held: 500 });
  expect(waiting().sort()).toEqual(names(500).sort());
});

test('bounds every call by what is left at SHUTDOWN, and retries although the breaker is open', async () => {
  const { clock, kinesis, breaker, delivery, receive, take } = newDeliveryBench();
  receive('a');
  breaker.failed(true);
  const until = clock.now() + 400;
  delivery.finish(until);
  kinesis.otherwise = 'InternalFailure';
  expect(await clock.until(delivery.deliver(take()))).toBe('given-back');
  expect(kinesis.calls.length).toBeGreaterThan(1);
  expect(clock.now()).toBeLessThanOrEqual(until);
  for (const { timeoutMs } of kinesis.calls) expect(timeoutMs).toBeLessThanOrEqual(400);
});

test('does not pause on into SHUTDOWN', async () => {
  const { clock, kinesis, delivery, receive, take } = newDeliveryBench({ random: () => 0.99 });
  receive('a');
  kinesis.script = [THROTTLED, THROTTLED, THROTTLED];
  const delivering = delivery.deliver(take());
  await clock.advance(1_000); // now in the pause of up to 0.8 s before the fourth attempt
  expect(kinesis.calls).toHaveLength(3);
  delivery.finish(clock.now() + 1_000);
  await clock.advance(kinesis.latencyMs);
  expect(await delivering).toBe('settled');
  expect(kinesis.written).toEqual(['a']);
});

const outcome = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constantFrom(THROTTLED, 'InternalFailure', 'KMSAccessDeniedException') },
  { weight: 1, arbitrary: fc.constant('InvalidArgumentException') },
);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.infiniteStream(outcome).map(
      (codes): Answer =>
        () =>
          codes.next().value,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Answer>(
      ...['Timeout', 'ConnectionLost', 'ConnectionFailed', THROTTLED, 'ExpiredTokenException', 'AccessDeniedException'],
      ...['ValidationException', 'RequestEntityTooLargeException', 'UnreadableAnswer', 'SomethingNew'],
    ),
  },
);

test('closes its books under any sequence of outcomes', async () => {
  const unit = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  const batches = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean()), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      batches,
      fc.array(answer, { maxLength: 40 }),
      unit,
      fc.boolean(),
      async (sizes, script, random, isFinal) => {
        const bench = newDeliveryBench({ random: () => random, maxBufferBytes: 150 });
        const { clock, kinesis, ledger, buffer, delivery } = bench;
        kinesis.script = [...script];
        if (isFinal) delivery.finish(clock.now() + 1_000);
        for (const [index, [count, hasPoison]] of sizes.entries()) {
          bench.receive(...names(count, `batch${index}-`), ...(hasPoison ? [`poison${index}`] : []));
          const callsBefore = kinesis.calls.length;
          const batch = bench.take(12);
          const delivering = clock.until(delivery.deliver(batch));
          bench.receive(`late${index}`);
          await delivering;
          // Each of the 2n-1 parts of a halved batch makes at most five attempts and two that are free.
          if (!isFinal) expect(kinesis.calls.length - callsBefore).toBeLessThanOrEqual(7 * (2 * batch.length - 1));
        }
        const heldBytes = buffer.heldBytes;
        const held = bench.waiting();
        expect(held.join('').length).toBe(heldBytes);
        expect(held.length).toBe(ledger.held);
        expect(ledger.delivered).toBe(kinesis.written.length);
        expect(ledger.received).toBe(ledger.delivered + ledger.dropped + held.length);
        // Calls that fail as a whole write nothing here, so nothing may be written twice or both written and kept.
        const places = [...kinesis.written, ...held];
        expect(new Set(places).size).toBe(places.length);
      },
    ),
    { numRuns: 300 },
  );
});
