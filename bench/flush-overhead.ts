import { join } from 'node:path';
import { ExecutionEnvironment, until } from '../sandbox/src';
import { type Figure, figuresOf, type Samples } from './figure';
import { nodeBinary } from './node-binaries';
import { quantile } from './statistics';
import { type Subject, startKinesis, variablesOf } from './subjects';

const STRATEGIES = ['adaptive', 'end-of-invocation', 'next-invocation'] as const;
const INTERVAL_MS = 50;
/** The first invocations of an environment are sparse to the adaptive strategy, by design. */
const WARM_UP = 10;
const INVOCATIONS = 40;

/** How long an invocation lasts beyond the function's own end, at 20 invocations a second. */
export async function benchFlushOverhead(
  subjects: readonly Subject[],
  node: string,
  rounds: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const strategy of STRATEGIES) {
    const samples: Samples = new Map();
    for (let round = 0; round < rounds; round += 1) {
      for (const subject of subjects) {
        samples.set(subject.name, [
          ...(samples.get(subject.name) ?? []),
          ...(await overheads(subject, node, strategy)),
        ]);
      }
    }
    const about = { unit: 'ms', node, slack: 1 } as const;
    const title = `after the function's end, ${strategy}`;
    figures.push(
      ...figuresOf({ ...about, id: `flush.${strategy}.median`, title: `${title}, median` }, samples),
      ...figuresOf({ ...about, id: `flush.${strategy}.p95`, title: `${title}, p95` }, samples, (values) =>
        quantile(values, 0.95),
      ),
    );
  }
  return figures;
}

async function overheads(subject: Subject, node: string, strategy: string): Promise<number[]> {
  const kinesis = await startKinesis();
  const environment = await ExecutionEnvironment.start({
    handler: join(__dirname, 'handler.cjs'),
    layerDirectory: subject.layerDirectory,
    nodePath: nodeBinary(node),
    environment: { ...variablesOf(subject, kinesis), KINESIS_TELEMETRY_FLUSH: strategy },
  });
  try {
    const values: number[] = [];
    const startedAt = Date.now();
    for (let index = 0; index < WARM_UP + INVOCATIONS; index += 1) {
      await until(() => Date.now() >= startedAt + index * INTERVAL_MS, 'the next tick', { everyMs: 1 });
      const { status, extensionOverheadMs } = await environment.invoke({ count: 5 });
      if (status !== 'success') throw new Error(`invocation ${index + 1} of ${subject.name} ended with ${status}`);
      if (index >= WARM_UP) values.push(extensionOverheadMs);
    }
    return values;
  } finally {
    await environment.dispose();
    await kinesis.close();
  }
}
