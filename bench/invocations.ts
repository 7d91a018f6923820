import { join } from 'node:path';
import { ExecutionEnvironment } from '../sandbox/src';
import { type Figure, figuresOf, inTurns, type Samples } from './figure';
import { nodeBinary } from './node-binaries';
import { privateDirtyMib } from './process-figures';
import { type Subject, startKinesis, variablesOf } from './subjects';

const INVOCATIONS = 60;
const LOGS = 20;

/** What a function's environment holds on to once it has done some work. */
export async function benchInvocations(subjects: readonly Subject[], node: string, runs: number): Promise<Figure[]> {
  const samples = await inTurns(subjects, runs, async (subject) => ({ memory: await memoryAfter(subject, node) }));
  const title = `private dirty memory after ${INVOCATIONS} invocations of ${LOGS} logs`;
  return figuresOf({ id: 'memory.invocations', title, unit: 'MiB', node, slack: 1 }, samples.memory as Samples);
}

async function memoryAfter(subject: Subject, node: string): Promise<number> {
  const kinesis = await startKinesis();
  const environment = await ExecutionEnvironment.start({
    handler: join(__dirname, 'handler.cjs'),
    layerDirectory: subject.layerDirectory,
    nodePath: nodeBinary(node),
    environment: variablesOf(subject, kinesis),
  });
  try {
    for (let count = 0; count < INVOCATIONS; count += 1) {
      const { status } = await environment.invoke({ count: LOGS });
      if (status !== 'success') throw new Error(`invocation ${count + 1} of ${subject.name} ended with ${status}`);
    }
    return privateDirtyMib(environment.extensionPid);
  } finally {
    await environment.dispose();
    await kinesis.close();
  }
}
