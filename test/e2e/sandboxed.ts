import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  ExecutionEnvironment,
  type ExecutionEnvironmentOptions,
  KinesisFake,
  type KinesisFakeOptions,
} from '../../sandbox/src';

export const STREAM = 'telemetry';
export const HANDLER = join(__dirname, 'fixtures', 'logging-handler.cjs');

/** A line of the record schema, as far as tests look at it. */
export interface Line {
  readonly v: number;
  readonly time?: string;
  readonly type?: string;
  readonly seq?: number;
  readonly instance_id: string;
  readonly request_id?: string;
  readonly message?: string;
  readonly record?: unknown;
  readonly [key: string]: unknown;
}

export interface Sandboxed {
  readonly environment: ExecutionEnvironment;
  readonly kinesis: KinesisFake;
  /** Lambda's events as they lie in the stream, in the order of `seq`. */
  readonly events: () => Line[];
  /** The ledger lines, oldest first. */
  readonly ledgers: () => Line[];
}

/** Variables that point the extension at the fake; `variables` adds to or replaces them. */
export function telemetryVariables(
  kinesis: KinesisFake,
  variables: Record<string, string> = {},
): Record<string, string> {
  return { KINESIS_TELEMETRY_STREAM: STREAM, KINESIS_TELEMETRY_ENDPOINT: kinesis.url, ...variables };
}

/** The built layer in a sandbox beside a Kinesis fake; both are gone when the test is over. */
export async function sandboxed(
  options: Partial<ExecutionEnvironmentOptions> & { readonly variables?: Record<string, string> } = {},
  kinesisOptions: KinesisFakeOptions = {},
): Promise<Sandboxed> {
  const kinesis = await KinesisFake.start({ streams: [{ name: STREAM, shards: 4 }], ...kinesisOptions });
  onTestFinished(() => kinesis.close());
  const { variables, ...rest } = options;
  const environment = await ExecutionEnvironment.start({
    handler: HANDLER,
    environment: telemetryVariables(kinesis, variables),
    ...rest,
  });
  onTestFinished(() => environment.dispose());
  const lines = () => kinesis.lines(STREAM) as unknown as Line[];
  return {
    environment,
    kinesis,
    events: () =>
      lines()
        .filter((line) => line.type !== 'extension.stats')
        .sort((a, b) => (a.seq as number) - (b.seq as number)),
    ledgers: () => lines().filter((line) => line.type === 'extension.stats'),
  };
}

/** Each produced event once, in order, with the number it got: the strictest reading of "nothing is lost". */
export function expectedLines(environment: ExecutionEnvironment) {
  return environment.produced.map((event, index) => ({ seq: index + 1, type: event.type, time: event.time }));
}

export function outline(lines: readonly Line[]) {
  return lines.map(({ seq, type, time }) => ({ seq, type, time }));
}
