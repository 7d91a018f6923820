import { type Figure, figuresOf, inTurns, type Samples } from './figure';
import { coldStart } from './handshake';
import { nodeBinary } from './node-binaries';
import type { Subject } from './subjects';

/** Enough for the extension to think that telemetry is on. */
const VARIABLES = {
  KINESIS_TELEMETRY_STREAM: 'bench',
  KINESIS_TELEMETRY_ENDPOINT: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
};

/** Wall and CPU time to the first /next, and what the process then holds while it waits. */
export async function benchColdStart(subjects: readonly Subject[], node: string, runs: number): Promise<Figure[]> {
  const binary = nodeBinary(node);
  const samples = await inTurns(subjects, runs, async ({ launcher, variables }) => ({
    ...(await coldStart(launcher, binary, { ...VARIABLES, ...variables })),
  }));
  return [
    ...figuresOf(
      { id: 'cold-start.wall', title: 'wall time to the first /next', unit: 'ms', node, slack: 2 },
      samples.wallMs as Samples,
    ),
    ...figuresOf(
      { id: 'cold-start.cpu', title: 'CPU time to the first /next', unit: 'ms', node, slack: 2 },
      samples.cpuMs as Samples,
    ),
    ...figuresOf(
      { id: 'memory.idle', title: 'private dirty memory, idle after init', unit: 'MiB', node, slack: 0.5 },
      samples.idleMib as Samples,
    ),
  ];
}
