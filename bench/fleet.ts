import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bar, barChart } from './bar-chart';
import { cloudWatchDollars, onDemandDollars, provisionedDollars } from './fleet/prices';
import { type FleetRun, KEY_STRATEGIES, simulateFleet } from './fleet/simulation';

/** Environments, and the seconds that are simulated: enough flushes either way. */
const FLEETS: readonly (readonly [number, number])[] = [
  [1_000, 60],
  [10_000, 30],
  [100_000, 10],
];
const FORMATS = ['json', 'ndjson', 'ndjson-gzip'] as const;
const EVENT_BYTES = 350;
/** The line alone, as CloudWatch Logs gets it. */
const LOG_LINE_BYTES = 296;

/** `npm run bench:fleet`: the tables and the chart of docs/cost-and-scale.md, by simulation with the extension's own code. */
function main(): void {
  const runs = FLEETS.map(([environments, seconds]) => {
    return { environments, run: simulateFleet(environments, seconds, 'ndjson') };
  });
  console.log('| environments | shards | events/s | calls/s | records/s | key | p99 shard | max shard | throttled |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const { environments, run } of runs) for (const line of loadLines(environments, run)) console.log(line);

  console.log('\n| into | dollars per million events, provisioned | on-demand |');
  console.log('| --- | --- | --- |');
  const bars: Bar[] = [];
  for (const format of FORMATS) {
    const { volume } = simulateFleet(1_000, 20, format);
    const [provisioned, onDemand] = [provisionedDollars(volume), onDemandDollars(volume)];
    console.log(`| Kinesis, ${format} | ${dollars(provisioned)} | ${dollars(onDemand)} |`);
    bars.push({ label: `${format}, provisioned`, value: provisioned, text: dollars(provisioned), kind: 'signed' });
    bars.push({ label: `${format}, on-demand`, value: onDemand, text: dollars(onDemand), kind: 'other' });
  }
  const cloudWatch = cloudWatchDollars(LOG_LINE_BYTES);
  console.log(`| CloudWatch Logs | | ${dollars(cloudWatch)} |`);
  bars.push({ label: 'CloudWatch Logs', value: cloudWatch, text: dollars(cloudWatch), kind: 'sdk' });
  const title = `Dollars per million events of ${EVENT_BYTES} bytes, ingestion`;
  const file = join('docs', 'cost-per-million-events.svg');
  writeFileSync(join(__dirname, '..', file), barChart(title, [{ title: '', bars }]));
  console.log(`\nwritten: ${file}`);
}

function loadLines(environments: number, { volume, loads, ...rates }: FleetRun): string[] {
  const number = (value: number) => Math.round(value).toLocaleString('en');
  const { eventsPerSecond, callsPerSecond, recordsPerSecond } = rates;
  const about = [environments, volume.shards, eventsPerSecond, callsPerSecond, recordsPerSecond].map(number);
  return KEY_STRATEGIES.map((strategy) => {
    const { p99, max, throttledShare } = loads[strategy];
    const cells = [strategy, `x ${p99.toFixed(2)}`, `x ${max.toFixed(2)}`, `${(throttledShare * 100).toFixed(2)} %`];
    return `| ${[...about, ...cells].join(' | ')} |`;
  });
}

function dollars(value: number): string {
  return `$${value.toFixed(value < 0.01 ? 4 : 3)}`;
}

main();
