import { parseArgs } from 'node:util';
import { bundleSizes } from './bundle-sizes';
import { benchBurst } from './burst';
import { charts } from './charts';
import { benchColdStart } from './cold-start';
import { describeWorsening, worsenings } from './compare';
import type { Figure } from './figure';
import { benchFlushOverhead } from './flush-overhead';
import { benchFormats } from './formats';
import { benchInvocations } from './invocations';
import { NODE_VERSIONS } from './node-binaries';
import { lastResults, newResults, writeResult } from './results';
import { type Subject, subjects } from './subjects';
import { page, table } from './table';

const USAGE = `npm run bench -- [options]
  --quick            few runs: a first look, nothing is written
  --compare          compare with the newest results in bench/results; ends with status 1 when a ratio is more than
                     15 % worse; nothing is written
  --node 20,22,24    the versions of Node.js
  --only NAME        one of: sizes, formats, cold-start, invocations, flush, burst; nothing is written`;

const RUNS = { coldStart: 21, invocations: 15, flushRounds: 4, burst: 15 };
const QUICK_RUNS = { coldStart: 5, invocations: 2, flushRounds: 1, burst: 2 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      compare: { type: 'boolean', default: false },
      node: { type: 'string', default: Object.keys(NODE_VERSIONS).join(',') },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const runs = values.quick ? QUICK_RUNS : RUNS;
  const nodes = values.node.split(',');
  const compared = await subjects();
  const [floor, signed] = compared as [Subject, Subject];
  const isWanted = (name: string) => values.only === undefined || values.only === name;

  const figures: Figure[] = [];
  const measure = async (name: string, bench: () => Figure[] | Promise<Figure[]>) => {
    if (!isWanted(name)) return;
    const startedAt = Date.now();
    figures.push(...(await bench()));
    console.error(`${name}: ${Math.round((Date.now() - startedAt) / 1_000)} s`);
  };
  await measure('sizes', bundleSizes);
  await measure('formats', () => benchFormats(signed));
  for (const node of nodes) await measure('cold-start', () => benchColdStart(compared, node, runs.coldStart));
  for (const node of nodes) await measure('invocations', () => benchInvocations(compared, node, runs.invocations));
  for (const node of nodes) {
    await measure('flush', () => benchFlushOverhead([floor, signed], node, runs.flushRounds));
  }
  for (const node of nodes) await measure('burst', () => benchBurst(compared, node, runs.burst));

  console.log(table(figures));
  if (values.compare) return compare(figures);
  if (values.quick || values.only !== undefined) return;
  const results = newResults(nodes, figures);
  const drawn = charts(figures);
  const files = [...drawn].map(([name, svg]) => writeResult(name, svg));
  files.push(writeResult(`${results.date}.md`, page(results, [...drawn.keys()])));
  files.push(writeResult(`${results.date}.json`, `${JSON.stringify(results, undefined, 1)}\n`));
  console.log(`\nwritten: ${files.join(', ')}`);
}

function compare(figures: readonly Figure[]): void {
  const before = lastResults();
  if (before === undefined) throw new Error('there is nothing in bench/results to compare with: run npm run bench');
  const worse = worsenings(before.figures, figures);
  for (const worsening of worse) console.log(`WORSE: ${describeWorsening(worsening)}`);
  if (worse.length === 0) console.log(`\nnothing is more than 15 % worse than on ${before.date} (${before.commit})`);
  else process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
