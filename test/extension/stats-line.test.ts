import { expect, test } from 'vitest';
import { Ledger } from '../../extension/src/ledger';
import { type StatsContext, statsLine } from '../../extension/src/stats-line';

const CONTEXT: StatsContext = {
  identity: {
    accountId: '123456789012',
    region: 'eu-west-1',
    functionName: 'orders',
    functionVersion: '7',
    instanceId: 'i-1',
  },
  tags: { team: 'shop' },
  now: Date.UTC(2026, 0, 1),
  heldBytes: 99,
  breakerOpenings: 2,
  final: true,
};

test('writes the ledger as one line that names its instance', () => {
  const ledger = new Ledger();
  Object.assign(ledger, { received: 10, delivered: 6, truncated: 1, calls: 3, retries: 1, throttled: 4 });
  Object.assign(ledger, { deliveredRecords: 2, deliveredBytes: 500, droppedByLambda: 8, lastErrorCode: 'Timeout' });
  ledger.drop('buffer-full', 3);
  const line = statsLine(ledger, CONTEXT).toString();
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(JSON.parse(line)).toMatchObject({
    v: 1,
    time: '2026-01-01T00:00:00.000Z',
    type: 'extension.stats',
    account_id: '123456789012',
    region: 'eu-west-1',
    function_name: 'orders',
    function_version: '7',
    instance_id: 'i-1',
    tags: { team: 'shop' },
    final: true,
    received: 10,
    delivered: 6,
    dropped: 3,
    dropped_by_reason: { 'buffer-full': 3 },
    held: 1,
    held_bytes: 99,
    truncated_events: 1,
    dropped_by_lambda: 8,
    records: 2,
    record_bytes: 500,
    calls: 3,
    retries: 1,
    throttled_records: 4,
    breaker_openings: 2,
    last_error_code: 'Timeout',
  });
});

test('carries no seq, which numbers the events of Lambda alone', () => {
  expect(JSON.parse(statsLine(new Ledger(), CONTEXT).toString())).not.toHaveProperty('seq');
});

test('leaves out what is unknown, and says final only of the last line', () => {
  const identity = { instanceId: 'i-1' };
  const line = statsLine(new Ledger(), { ...CONTEXT, identity, tags: {}, final: false }).toString();
  const keys = Object.keys(JSON.parse(line));
  expect(keys.slice(0, 5)).toEqual(['v', 'time', 'type', 'instance_id', 'received']);
  expect(keys).not.toContain('last_error_code');
});
