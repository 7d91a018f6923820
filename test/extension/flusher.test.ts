import { expect, test } from 'vitest';
import { FlushPolicy } from '../../extension/src/flush-policy';
import { Flusher } from '../../extension/src/flusher';
import { Sender } from '../../extension/src/sender';
import type { FlushStrategy } from '../../extension/src/settings';
import { newDeliveryBench } from './delivery-bench';

const LIMITS = { maxRecords: 3, maxBytes: 1_000 };

function newFlusher(strategy: FlushStrategy, isAttached = true) {
  const bench = newDeliveryBench();
  const { delivery, kinesis, buffer, breaker, clock, log } = bench;
  kinesis.latencyMs = 0;
  const sender = new Sender({
    ...{ delivery, client: kinesis, buffer, breaker, clock, log, limits: LIMITS },
    prepare: (records) => records,
  });
  const flusher = new Flusher({ policy: new FlushPolicy(strategy), buffer, breaker, clock, limits: LIMITS });
  if (isAttached) flusher.attach(sender);
  const arrive = (...texts: string[]) => {
    bench.receive(...texts);
    flusher.onTelemetry();
  };
  return { ...bench, sender, flusher, arrive };
}

const ADAPTIVE: FlushStrategy = { name: 'adaptive' };

test('sends a full batch at once, and the rest when it has waited a second', async () => {
  const { clock, kinesis, arrive } = newFlusher(ADAPTIVE);
  arrive('a', 'b', 'c', 'd');
  await clock.advance(999);
  expect(kinesis.written).toEqual(['a', 'b', 'c']);
  await clock.advance(1);
  expect(kinesis.written).toEqual(['a', 'b', 'c', 'd']);
});

test('sends periodically when told so', async () => {
  const { clock, kinesis, arrive } = newFlusher({ name: 'periodic', intervalMs: 5_000 });
  arrive('a');
  await clock.advance(4_000);
  arrive('b');
  await clock.advance(999);
  expect(kinesis.calls).toEqual([]);
  await clock.advance(1);
  expect(kinesis.written).toEqual(['a', 'b']);
});

test('measures the age from the oldest of what waits', async () => {
  const { clock, kinesis, arrive } = newFlusher(ADAPTIVE);
  for (const text of ['a', 'b']) {
    arrive(text);
    await clock.advance(600);
  }
  expect(kinesis.written).toEqual(['a', 'b']);
});

test('keeps what arrives before the sender is loaded, and sends it then', async () => {
  const { clock, kinesis, sender, flusher, arrive } = newFlusher(ADAPTIVE, false);
  arrive('a', 'b', 'c', 'd');
  await flusher.flush(clock.now() + 100);
  await clock.advance(500);
  expect(kinesis.calls).toEqual([]);
  flusher.attach(sender);
  await clock.advance(0);
  expect(kinesis.written).toEqual(['a', 'b', 'c']);
});

test('tries again after another interval what a failed call gave back', async () => {
  const { clock, kinesis, arrive } = newFlusher(ADAPTIVE);
  kinesis.script = ['AccessDeniedException'];
  arrive('a');
  await clock.advance(1_000);
  expect(kinesis.calls).toHaveLength(1);
  await clock.advance(3_000);
  expect(kinesis.written).toEqual(['a']);
});

test('sends what is too old at the start of an invocation, and tells whether to wait for its end', () => {
  const { clock, kinesis, flusher, receive } = newFlusher(ADAPTIVE);
  receive('a');
  expect(flusher.onInvoke('r1', 0)).toBe(true);
  expect(kinesis.calls).toEqual([]);
  clock.jump(1_000);
  expect(flusher.onInvoke('r2', 0)).toBe(true);
  expect(kinesis.calls).toHaveLength(1);
});

test('sends everything at the start of an invocation with next-invocation, and waits for no end', () => {
  const { kinesis, flusher, receive } = newFlusher({ name: 'next-invocation' });
  receive('a');
  expect(flusher.onInvoke('r1', 0)).toBe(false);
  expect(kinesis.calls).toHaveLength(1);
});

test('sends what the invocation before left behind as soon as it arrives, with next-invocation alone', () => {
  const next = newFlusher({ name: 'next-invocation' });
  next.flusher.onInvoke('r2', 0);
  next.receive('a');
  next.flusher.onInvocationEnd('r2');
  expect(next.kinesis.calls).toEqual([]);
  next.flusher.onInvocationEnd('r1');
  expect(next.kinesis.calls).toHaveLength(1);

  const adaptive = newFlusher(ADAPTIVE);
  adaptive.flusher.onInvoke('r2', 0);
  adaptive.receive('a');
  adaptive.flusher.onInvocationEnd('r1');
  expect(adaptive.kinesis.calls).toEqual([]);
});

test('waits for no invocation while Kinesis is unwell, and probes with one call', async () => {
  const { clock, kinesis, breaker, flusher, receive } = newFlusher({ name: 'end-of-invocation' });
  receive('a', 'b', 'c', 'd', 'e', 'f', 'g');
  breaker.failed(true);
  expect(flusher.onInvoke('r1', 0)).toBe(false);
  expect(kinesis.calls).toEqual([]);
  clock.jump(1_000);
  expect(flusher.onInvoke('r2', 0)).toBe(false);
  expect(kinesis.calls).toHaveLength(1);
  await clock.advance(0);
});

test('flushes to its end, and sets no timer after the last flush', async () => {
  const { clock, kinesis, flusher, arrive } = newFlusher(ADAPTIVE);
  arrive('a');
  await clock.until(flusher.flush(clock.now() + 500));
  expect(kinesis.written).toEqual(['a']);
  arrive('b');
  await clock.until(flusher.flushFinally(clock.now() + 500));
  expect(kinesis.written).toEqual(['a', 'b']);
  expect(clock.pendingTimers).toBe(0);
});

test('sends what waits although the clock was set back', async () => {
  const { clock, kinesis, arrive } = newFlusher(ADAPTIVE);
  arrive('a');
  clock.jump(-3_600_000);
  await clock.advance(1_000);
  expect(kinesis.written).toEqual(['a']);
});
