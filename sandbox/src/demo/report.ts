import { costPerMillionEvents, PRICES } from './billing';
import type { CallCount } from './counting-proxy';
import type { DeliveryCheck } from './delivery-check';
import { type InstanceRun, ms } from './scenario';

/** The closing table: what went in, what came out, what it took and what it would cost. */
export function report(
  runs: readonly InstanceRun[],
  checks: readonly DeliveryCheck[],
  recordBytes: readonly number[],
  count: CallCount | undefined,
): string {
  const sum = (of: (check: DeliveryCheck) => number): number => checks.reduce((total, check) => total + of(check), 0);
  const delivered = sum((check) => check.delivered);
  const warm = runs.flatMap(({ invocations }) => invocations.filter(({ coldStart }) => !coldStart));
  const added = warm.map(({ extensionOverheadMs }) => extensionOverheadMs).sort((a, b) => a - b);
  const cost = costPerMillionEvents(recordBytes, delivered);
  const bytes = recordBytes.reduce((total, size) => total + size, 0);
  const rows: readonly (readonly [string, string])[] = [
    ['events produced by the platform', String(sum((check) => check.produced))],
    ['events delivered to the stream', `${delivered} (${sum((check) => check.duplicates)} duplicates)`],
    ['events dropped by the extension', String(sum((check) => check.dropped))],
    [
      'Kinesis records',
      `${recordBytes.length} (${(delivered / Math.max(1, recordBytes.length)).toFixed(1)} events each)`,
    ],
    ['bytes in records', `${bytes} (${Math.round(bytes / Math.max(1, delivered))} an event, stats lines included)`],
    ['PutRecords calls', count ? `${count.calls} (${count.failedCalls} failed)` : 'not counted: no proxy before TLS'],
    [
      'added after the handler, warm',
      `median ${ms(added[Math.floor(added.length / 2)] ?? 0)}, most ${ms(added.at(-1) ?? 0)}`,
    ],
    ...runs.map(({ name, init }): [string, string] => [
      `cold start of the extension, ${name}`,
      `registered after ${ms(init.registerMs)}, ready after ${ms(init.firstNextMs)}`,
    ]),
    ['shutdown', runs.map(({ shutdownMs }) => ms(shutdownMs)).join(', ')],
    ['per million events, on-demand', `$${cost.onDemand.toFixed(4)}`],
    ['per million events, provisioned', `$${cost.provisioned.toFixed(4)}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)));
  const note = [
    `  Prices: ${PRICES.region}, ${PRICES.asOf}, ingest only; provisioned with shards used at 50 %.`,
    '  This demo sends a few events at a time: a busy function packs more into a record and pays less.',
  ];
  return [rule, ...lines, rule, ...note].join('\n');
}
