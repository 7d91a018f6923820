import { parseArgs } from 'node:util';

export interface DemoArguments {
  /** Use the Kinesis fake of this repository instead of kinesis-local. */
  readonly fake: boolean;
  /** Any other Kinesis endpoint. */
  readonly endpoint: string | undefined;
  /** An existing stream; without it, one is created. */
  readonly stream: string | undefined;
  /** Archive the stream and answer the archive's queries. */
  readonly sql: boolean;
}

export const USAGE = `Usage: tsx sandbox/src/demo/main.ts [--fake | --endpoint URL] [--stream NAME] [--sql]

  --fake           the Kinesis fake of this repository instead of kinesis-local (npm)
  --endpoint URL   any other Kinesis endpoint; credentials and Region from AWS_* variables
  --stream NAME    an existing stream; without it, one is created
  --sql            archive the stream as TelemetryArchive does, and answer its queries (by DuckDB)`;

/** @throws TypeError for arguments that do not exist */
export function parseArguments(given: readonly string[]): DemoArguments | 'help' {
  const { values } = parseArgs({
    args: [...given],
    options: {
      fake: { type: 'boolean', default: false },
      endpoint: { type: 'string' },
      stream: { type: 'string' },
      sql: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.fake && values.endpoint) throw new TypeError('--fake and --endpoint exclude each other');
  return { fake: values.fake, endpoint: values.endpoint, stream: values.stream, sql: values.sql };
}
