import type { ExecutionEnvironment } from '../execution-environment';
import { until } from '../until';
import { parseArguments, USAGE } from './arguments';
import { checkDelivery } from './delivery-check';
import { openEndpoint } from './endpoint';
import { printable } from './line-printer';
import { printAnswers } from './queries';
import { report } from './report';
import { type InstanceRun, runScenario } from './scenario';
import { StreamReader, type TelemetryLine } from './stream-reader';

type Cleanup = () => Promise<unknown>;

const READ_LIMIT_MS = 5_000;
const cleanups: Cleanup[] = [];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns the exit code: 0 when every event is in the stream */
async function demo(): Promise<number> {
  const given = parseArguments(process.argv.slice(2));
  if (given === 'help') {
    say(USAGE);
    return 0;
  }
  const startedAt = performance.now();
  say('Kinesis endpoint: starting');
  const endpoint = await openEndpoint(given);
  cleanups.push(() => endpoint.close());
  const reader = await StreamReader.open(endpoint, given.stream, (line) => say(printable(line)));
  cleanups.push(() => reader.close());
  say(`Kinesis endpoint: ${endpoint.label} at ${endpoint.url}, stream ${reader.stream}`);

  const onEnvironment = (environment: ExecutionEnvironment): void => void cleanups.push(() => environment.dispose());
  const runs = await runScenario(endpoint, reader.stream, say, onEnvironment);
  const complete = (): boolean => check(runs, reader.lines).every(({ findings }) => findings.length === 0);
  await until(complete, 'every event is in the stream', { timeoutMs: READ_LIMIT_MS, everyMs: 50 }).catch(
    () => undefined,
  );

  const checks = check(runs, reader.lines);
  const findings = checks.flatMap((one, index) => one.findings.map((finding) => `${runs[index]?.name}: ${finding}`));
  say(`\n${report(runs, checks, reader.recordBytes, endpoint.proxy?.count)}\n`);
  if (given.sql) await printAnswers(reader.records, say);
  for (const finding of findings) say(`MISSING  ${finding}`);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(
    findings.length === 0
      ? `Every event arrived, by content and seq. ${seconds} s.`
      : `${findings.length} findings. ${seconds} s.`,
  );
  return findings.length === 0 && runs.every(({ shutdownKilled }) => !shutdownKilled) ? 0 : 1;
}

/** The stream tells instances apart by instance_id; they appear in the order in which they ran. */
function check(runs: readonly InstanceRun[], lines: readonly TelemetryLine[]) {
  return runs.map(({ produced }) => {
    // the first event's record names the platform's instance: that line names the extension's
    const first = produced[0];
    const own = lines.find((line) => line.seq === 1 && line.type === first?.type && line.time === first?.time);
    return checkDelivery(produced, own ? lines.filter(({ instance_id }) => instance_id === own.instance_id) : []);
  });
}

async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup().catch(() => undefined);
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  // what has no cleanup yet (an environment in its init) ends by the exit hook of its process group
  process.once(signal, () => void cleanUp().finally(() => process.exit(exitCode)));
}

// what the SDK says on stderr about the Node.js of 2027 is no part of the demo
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

void demo()
  .catch((error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  })
  .then(async (exitCode) => {
    await cleanUp();
    process.exit(exitCode);
  });
