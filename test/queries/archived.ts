import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { ExecutionEnvironment, type ExecutionEnvironmentOptions, KinesisFake } from '../../sandbox/src';
import { ArchiveDatabase, type Row } from '../../sandbox/src/archive/archive-database';
import { type ArchiveDestination, type ArrivedRecord, writeArchive } from '../../sandbox/src/archive/archive-writer';
import { TelemetryArchive, type TelemetryArchiveProps } from '../../src';
import { HANDLER, STREAM, telemetryVariables } from '../e2e/sandboxed';

process.env.CDK_VALIDATION ??= 'false';

const cleanups: (() => unknown)[] = [];

/** For `afterAll`. */
export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** A stream of its own, which ends with `cleanUp`. */
export async function startKinesis(): Promise<KinesisFake> {
  const fake = await KinesisFake.start({ streams: [{ name: STREAM, shards: 2 }] });
  cleanups.push(() => fake.close());
  return fake;
}

/** The built layer beside a handler that does what its event asks for. */
export async function startFunction(
  fake: KinesisFake,
  options: Partial<ExecutionEnvironmentOptions> & { readonly variables?: Record<string, string> },
): Promise<ExecutionEnvironment> {
  const { variables, ...rest } = options;
  const environment = telemetryVariables(fake, variables);
  const started = await ExecutionEnvironment.start({ handler: HANDLER, environment, ...rest });
  cleanups.push(() => started.dispose());
  return started;
}

/** What the archive with these props has told Firehose, and the SQL it has told Athena, from its template. */
export function synthesized(props: Partial<TelemetryArchiveProps> = {}) {
  const stack = new Stack(new App(), 'Stack');
  new TelemetryArchive(stack, 'Archive', { stream: new kinesis.Stream(stack, 'Stream'), ...props });
  const template = Template.fromStack(stack);
  // biome-ignore lint/suspicious/noExplicitAny: templates are untyped
  const properties = (type: string): any[] => Object.values(template.findResources(type)).map((one) => one.Properties);
  const [delivery] = properties('AWS::KinesisFirehose::DeliveryStream');
  const { Prefix, FileExtension, CompressionFormat } = delivery.ExtendedS3DestinationConfiguration;
  const destination: ArchiveDestination = {
    prefix: Prefix,
    fileExtension: FileExtension,
    compressionFormat: CompressionFormat,
  };
  const queries = new Map<string, string>(
    properties('AWS::Athena::NamedQuery').map(({ Name, QueryString }) => [Name, QueryString]),
  );
  const transform = properties('AWS::Lambda::Function')[0]?.Environment.Variables.TELEMETRY_TRANSFORM as
    | string
    | undefined;
  return { destination, queries, transformSettings: transform };
}

/** Answers named queries, and SQL of one's own. */
export interface Answers {
  (name: string): Promise<Row[]>;
  sql(text: string): Promise<Row[]>;
}

/** Writes records as Firehose does, and answers questions over them. */
export async function archived(
  records: readonly ArrivedRecord[],
  { destination, queries } = synthesized(),
): Promise<Answers> {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-archive-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  await writeArchive(folder, records, destination);
  const database = await ArchiveDatabase.open(folder);
  cleanups.push(() => database.close());
  const named = (name: string) => {
    const sql = queries.get(name);
    if (sql === undefined) throw new Error(`no query ${name}`);
    return database.query(sql);
  };
  return Object.assign(named, { sql: (text: string) => database.query(text) });
}
