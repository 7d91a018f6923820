import { join } from 'node:path';
import { ExecutionEnvironment } from '../execution-environment';
import type { InitFigures } from '../init-phase';
import type { Invocation } from '../invoke-phase';
import type { TelemetryEvent } from '../telemetry-events';
import type { DemoEndpoint } from './endpoint';

export interface InstanceRun {
  readonly name: string;
  readonly produced: readonly TelemetryEvent[];
  readonly init: InitFigures;
  readonly invocations: readonly Invocation[];
  readonly shutdownMs: number;
  readonly shutdownKilled: boolean;
}

interface Step {
  readonly what: string;
  readonly event: object;
}

const TEXT: readonly Step[] = [
  { what: 'first invocation, a text log', event: { say: 'hello from a cold start' } },
  { what: 'warm invocation', event: { say: 'hello again' } },
  { what: 'warm invocation', event: { say: 'and again' } },
  { what: 'a message of two lines', event: { say: 'first line\nsecond line' } },
  { what: 'the handler throws', event: { fail: 'a demo error' } },
  { what: 'warm invocation after it', event: { say: 'still here' } },
];

const JSON_FORMAT: readonly Step[] = [
  { what: 'first invocation, a JSON log', event: { say: 'wrapped by Lambda' } },
  { what: "the function's own JSON line", event: { order: 'A-4711' } },
  { what: 'the handler throws', event: { fail: 'a demo error' } },
];

/** Two execution environments one after the other: one logs as text, one as JSON. */
export async function runScenario(
  endpoint: DemoEndpoint,
  stream: string,
  say: (line: string) => void,
  onEnvironment: (environment: ExecutionEnvironment) => void,
): Promise<InstanceRun[]> {
  const run = (name: string, logFormat: 'Text' | 'JSON', steps: readonly Step[]) =>
    runInstance({ name, logFormat, steps, endpoint, stream, say, onEnvironment });
  return [await run('text logs', 'Text', TEXT), await run('JSON logs', 'JSON', JSON_FORMAT)];
}

async function runInstance(run: {
  readonly name: string;
  readonly logFormat: 'Text' | 'JSON';
  readonly steps: readonly Step[];
  readonly endpoint: DemoEndpoint;
  readonly stream: string;
  readonly say: (line: string) => void;
  readonly onEnvironment: (environment: ExecutionEnvironment) => void;
}): Promise<InstanceRun> {
  const { endpoint, say } = run;
  say(`\nInstance with ${run.name}: init`);
  const environment = await ExecutionEnvironment.start({
    handler: join(__dirname, 'demo-handler.cjs'),
    logFormat: run.logFormat,
    functionName: 'demo-function',
    region: endpoint.region,
    credentials: endpoint.credentials,
    environment: { KINESIS_TELEMETRY_STREAM: run.stream, KINESIS_TELEMETRY_ENDPOINT: endpoint.extensionUrl },
  });
  run.onEnvironment(environment);
  say(
    `  cold start: extension registered after ${ms(environment.init.registerMs)}, ready after ${ms(environment.init.firstNextMs)}`,
  );
  const invocations: Invocation[] = [];
  for (const { what, event } of run.steps) {
    const invocation = await environment.invoke(event);
    invocations.push(invocation);
    say(
      `  invoke: ${what} -> ${invocation.status}, ${ms(invocation.durationMs)} + extension ${ms(invocation.extensionOverheadMs)}`,
    );
  }
  const shutdown = await environment.shutdown();
  say(`  SHUTDOWN: the extension ended after ${ms(shutdown.durationMs)} with exit code ${shutdown.exitCode}`);
  for (const line of environment.extensionOutput) say(`  extension: ${line}`);
  return {
    name: run.name,
    produced: environment.produced,
    init: environment.init,
    invocations,
    shutdownMs: shutdown.durationMs,
    shutdownKilled: shutdown.killed,
  };
}

export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
