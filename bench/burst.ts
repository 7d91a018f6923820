import { join } from 'node:path';
import { ExecutionEnvironment } from '../sandbox/src';
import { type Figure, figuresOf, inTurns, type Samples } from './figure';
import { nodeBinary } from './node-binaries';
import { cpuMs, privateDirtyMib, settled } from './process-figures';
import { STREAM, type Subject, startKinesis, variablesOf } from './subjects';

export const BURST_EVENTS = 100_000;
const TIMEOUT_MS = 60_000;
const SAMPLE_EVERY_MS = 5;

/** One invocation that writes 100,000 lines: what they cost in CPU time, and the most memory held meanwhile. */
export async function benchBurst(subjects: readonly Subject[], node: string, runs: number): Promise<Figure[]> {
  const samples = await inTurns(subjects, runs, (subject) => burst(subject, node));
  return [
    ...figuresOf(
      { id: 'burst.cpu', title: 'CPU time for 100,000 events of 350 bytes', unit: 'ms', node, slack: 30 },
      samples.cpu as Samples,
    ),
    ...figuresOf(
      { id: 'burst.peak', title: 'peak private dirty memory in that burst', unit: 'MiB', node, slack: 3 },
      samples.peak as Samples,
    ),
  ];
}

async function burst(subject: Subject, node: string): Promise<{ cpu: number; peak: number }> {
  const kinesis = await startKinesis();
  const environment = await ExecutionEnvironment.start({
    handler: join(__dirname, 'handler.cjs'),
    layerDirectory: subject.layerDirectory,
    nodePath: nodeBinary(node),
    environment: variablesOf(subject, kinesis),
    memorySizeMb: 1_024,
    timeoutMs: TIMEOUT_MS,
    freezeBetweenInvocations: false, // else what is still under way could not be waited for
  });
  const pid = environment.extensionPid;
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, privateDirtyMib(pid));
  }, SAMPLE_EVERY_MS);
  try {
    await settled(pid);
    const before = cpuMs(pid);
    const { status } = await environment.invoke({ count: BURST_EVENTS });
    if (status !== 'success') throw new Error(`the burst of ${subject.name} ended with ${status}`);
    await settled(pid);
    const cpu = cpuMs(pid) - before;
    clearInterval(sampler);
    await environment.shutdown();
    // A burst that was not delivered whole would make a fine figure.
    const delivered = kinesis.lines(STREAM).filter(({ type }) => type === 'function').length;
    if (subject.name !== 'floor' && delivered !== BURST_EVENTS) {
      throw new Error(`${subject.name} delivered ${delivered} of ${BURST_EVENTS} events`);
    }
    return { cpu, peak };
  } finally {
    clearInterval(sampler);
    await environment.dispose();
    await kinesis.close();
  }
}
