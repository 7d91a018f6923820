import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Environment?: { readonly Variables: Record<string, unknown> };
    readonly FunctionResponseTypes?: readonly string[];
    readonly MaximumRetryAttempts?: number;
  };
}

interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Parameters?: Record<string, { readonly Default?: string }>;
}

/** The stacks that examples/<language>/telemetry-app has in each language, with how many functions have telemetry. */
const WITH_TELEMETRY = { Telemetry: 1, Shop: 2, Consumer: 0 };

/**
 * What each of the apps shows: one function, a whole stack by the Aspect, other stacks that read the parameters, and a
 * consumer of the stream.
 *
 * @throws unless the assembly has it all
 */
export function expectExampleStacks(assembly: string): void {
  for (const [stack, expected] of Object.entries(WITH_TELEMETRY)) {
    const path = join(assembly, `${stack}.template.json`);
    if (!existsSync(path)) throw new Error(`the example wrote no ${path}`);
    const { Resources, Parameters } = JSON.parse(readFileSync(path, 'utf8')) as Template;
    const resources = Object.values(Resources);
    const attached = resources.filter(({ Properties }) => Properties?.Environment?.Variables.KINESIS_TELEMETRY_STREAM);
    if (attached.length !== expected)
      throw new Error(`${stack}: ${attached.length} functions have telemetry, not ${expected}`);
    const names = Object.values(Parameters ?? {}).map(({ Default }) => Default ?? '');
    if (stack !== 'Telemetry' && !names.includes('/telemetry/kinesis/stream/arn'))
      throw new Error(`${stack} reads no parameter of the stack with the stream`);
    if (stack === 'Consumer') expectConsumer(resources);
  }
}

function expectConsumer(resources: readonly Resource[]): void {
  const mapping = resources.find(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')?.Properties;
  if (mapping === undefined) throw new Error('Consumer reads no stream');
  if (!mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures'))
    throw new Error('Consumer does not say which records have failed');
  if (mapping.MaximumRetryAttempts === undefined) throw new Error('Consumer would retry a bad record for a day');
}
