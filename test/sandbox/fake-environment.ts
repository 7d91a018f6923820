import { resolve } from 'node:path';
import { afterEach } from 'vitest';
import { ExecutionEnvironment, type ExecutionEnvironmentOptions, type TelemetryEvent, until } from '../../sandbox/src';

export const FAKE_LAYER = resolve(__dirname, 'fixtures/fake-layer');
export const ACTIONS = resolve(__dirname, 'fixtures/handlers/actions.cjs');
const started: ExecutionEnvironment[] = [];

/** An execution environment with the fake extension; it ends with the test. */
export async function start(
  fake: Record<string, unknown> = {},
  options: Partial<ExecutionEnvironmentOptions> = {},
): Promise<ExecutionEnvironment> {
  const environment = await ExecutionEnvironment.start({
    handler: ACTIONS,
    layerDirectory: FAKE_LAYER,
    ...options,
    environment: { FAKE_EXTENSION: JSON.stringify(fake), ...options.environment },
  });
  started.push(environment);
  return environment;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((environment) => environment.dispose()));
});

/**
 * What the fake extension said under a heading, e.g. each `next` it was answered. Its output comes by another way than
 * its HTTP calls: what a call proves may not have been read yet, so this waits for `atLeast` lines.
 */
export async function said<T = Record<string, unknown>>(
  environment: ExecutionEnvironment,
  what: string,
  atLeast = 1,
): Promise<T[]> {
  await until(() => spoken(environment, what).length >= atLeast, `${atLeast} lines of the fake extension on ${what}`);
  return spoken<T>(environment, what);
}

function spoken<T>(environment: ExecutionEnvironment, what: string): T[] {
  return environment.extensionOutput
    .filter((line) => line.startsWith(`${what} {`))
    .map((line) => JSON.parse(line.slice(what.length + 1)) as T);
}

/** The events that arrived at the fake extension's listener, as far as it has said so. */
export function received(environment: ExecutionEnvironment): TelemetryEvent[] {
  return spoken<TelemetryEvent>(environment, 'event');
}

export function types(events: readonly TelemetryEvent[]): string[] {
  return events.map(({ type }) => type);
}

/** The records of function events. */
export function logs(events: readonly TelemetryEvent[]): unknown[] {
  return events.filter(({ type }) => type === 'function').map(({ record }) => record);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
