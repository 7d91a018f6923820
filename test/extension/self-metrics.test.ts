import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DropReason, Ledger } from '../../extension/src/ledger';
import { countersOf, growth, SelfMetrics } from '../../extension/src/self-metrics';
import { metricsOf, parseEmf, sumsOf } from './emf';
import { assertProperty } from './property';

const IDENTITY = { functionName: 'orders', functionVersion: '7', instanceId: 'i-1', region: 'eu-west-1' };
const ARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/telemetry';
const CONTEXT = { now: Date.UTC(2026, 0, 1), breakerOpenings: 0, final: false };

function newLedger(): Ledger {
  const ledger = new Ledger();
  Object.assign(ledger, { received: 10, delivered: 6, truncated: 1, retries: 2, throttled: 4, droppedByLambda: 8 });
  ledger.drop('buffer-full', 2);
  ledger.drop('rejected', 1);
  return ledger;
}

test('writes the ledger in the embedded metric format, by function and by stream', () => {
  const ledger = newLedger();
  ledger.lastErrorCode = 'Timeout';
  const line = new SelfMetrics(IDENTITY, 'telemetry').line(ledger, { ...CONTEXT, breakerOpenings: 3, final: true });
  expect(line.indexOf('\n')).toBe(line.length - 1);
  const { _aws, ...members } = parseEmf(line);
  expect(_aws).toMatchObject({
    Timestamp: 1_767_225_600_000,
    CloudWatchMetrics: [{ Namespace: 'KinesisTelemetryExtension', Dimensions: [['FunctionName'], ['StreamName']] }],
  });
  expect(members).toEqual({
    FunctionName: 'orders',
    StreamName: 'telemetry',
    EventsReceived: 10,
    EventsDelivered: 6,
    EventsDropped: 3,
    EventsDroppedByLambda: 8,
    EventsTruncated: 1,
    Retries: 2,
    ThrottledRecords: 4,
    CircuitBreakerOpenings: 3,
    EventsHeld: 1,
    function_version: '7',
    instance_id: 'i-1',
    final: true,
    dropped_by_reason: { 'buffer-full': 2, rejected: 1 },
    last_error_code: 'Timeout',
  });
  const { function_version, instance_id, final, dropped_by_reason, last_error_code, ...rest } = members;
  const { FunctionName, StreamName, ...values } = rest;
  expect(metricsOf(line)).toEqual(values);
});

test('writes what has come since the line before, and what is held now', () => {
  const ledger = newLedger();
  const metrics = new SelfMetrics(IDENTITY, 'telemetry');
  metrics.line(ledger, { ...CONTEXT, breakerOpenings: 1 });
  ledger.received += 5;
  ledger.throttled += 1;
  ledger.drop('rejected', 2);
  expect(metricsOf(metrics.line(ledger, { ...CONTEXT, breakerOpenings: 1 }))).toEqual({
    EventsReceived: 5,
    EventsDelivered: 0,
    EventsDropped: 2,
    ThrottledRecords: 1,
    EventsHeld: 4,
  });
});

test('writes three metrics for a function that is well, since each costs by the hour', () => {
  const ledger = new Ledger();
  const metrics = new SelfMetrics(IDENTITY, 'telemetry');
  expect(metricsOf(metrics.line(ledger, CONTEXT))).toEqual({ EventsReceived: 0, EventsDelivered: 0, EventsDropped: 0 });
  Object.assign(ledger, { received: 5, delivered: 5 });
  const line = metrics.line(ledger, CONTEXT);
  expect(metricsOf(line)).toEqual({ EventsReceived: 5, EventsDelivered: 5, EventsDropped: 0 });
  for (const key of ['final', 'dropped_by_reason', 'last_error_code']) expect(parseEmf(line)).not.toHaveProperty(key);
});

test('names the stream of an ARN, which an alarm looks for by its name', () => {
  expect(parseEmf(new SelfMetrics(IDENTITY, ARN).line(new Ledger(), CONTEXT)).StreamName).toBe('telemetry');
});

test('leaves out the dimension of a function without a name', () => {
  const line = new SelfMetrics({ instanceId: 'i-1' }, 'telemetry').line(new Ledger(), CONTEXT);
  expect(parseEmf(line)._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['StreamName']]);
});

test('stays small, whatever the service calls its error', () => {
  const ledger = newLedger();
  ledger.lastErrorCode = 'x\n'.repeat(1_000_000);
  const identity = { ...IDENTITY, functionName: 'f'.repeat(64) };
  const line = new SelfMetrics(identity, 's'.repeat(128)).line(ledger, { ...CONTEXT, breakerOpenings: 1 });
  parseEmf(line);
  expect(Buffer.byteLength(line)).toBeLessThan(2_048);
});

const amount = fc.nat({ max: 1_000_000 });
const step = fc.record({
  received: amount,
  delivered: amount,
  truncated: amount,
  retries: amount,
  throttled: amount,
  droppedByLambda: amount,
  openings: amount,
  reason: fc.constantFrom<DropReason>('buffer-full', 'malformed', 'rejected', 'shutdown-deadline'),
  drops: amount,
  writes: fc.boolean(),
});

test('adds up to the last ledger, however often it is written', () => {
  assertProperty(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const ledger = new Ledger();
      const metrics = new SelfMetrics(IDENTITY, 'telemetry');
      const lines: string[] = [];
      let breakerOpenings = 0;
      for (const { openings, reason, drops, writes, ...counts } of steps) {
        for (const [key, value] of Object.entries(counts)) ledger[key as keyof typeof counts] += value;
        ledger.drop(reason, drops);
        breakerOpenings += openings;
        if (writes) lines.push(metrics.line(ledger, { ...CONTEXT, breakerOpenings }));
      }
      lines.push(metrics.line(ledger, { ...CONTEXT, breakerOpenings, final: true }));
      const { EventsHeld, ...sums } = sumsOf(lines);
      const final = Object.entries(countersOf(ledger, breakerOpenings));
      // a metric that was never written has no sum: CloudWatch shows nothing for it, which stands for 0
      expect(Object.fromEntries(final.map(([name]) => [name, sums[name] ?? 0]))).toEqual(Object.fromEntries(final));
      expect(Object.keys(sums).filter((name) => final.every(([known]) => known !== name))).toEqual([]);
      expect(metricsOf(lines.at(-1) as string).EventsHeld ?? 0).toBe(ledger.held);
    }),
  );
});

test('grows from nothing, and by nothing when nothing came', () => {
  const counters = countersOf(newLedger(), 3);
  expect(growth(undefined, counters)).toEqual(counters);
  expect(Object.values(growth(counters, counters)).every((value) => value === 0)).toBe(true);
});
