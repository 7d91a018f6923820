import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILT_LAYER_ZIP, KinesisFake, unzip } from '../sandbox/src';

/** One of the processes that are compared: an unpacked layer and the variables that make it what it is. */
export interface Subject {
  readonly name: 'floor' | 'signed' | 'sdk';
  /** Holds extensions/, as /opt does. */
  readonly layerDirectory: string;
  readonly launcher: string;
  readonly variables: Readonly<Record<string, string>>;
}

export const STREAM = 'telemetry';

const FLOOR: Subject = {
  name: 'floor',
  layerDirectory: join(__dirname, 'floor'),
  launcher: join(__dirname, 'floor', 'extensions', 'floor-extension'),
  variables: {},
};

/** The floor first: whatever is measured, it is measured in turn with the others. */
export async function subjects(): Promise<Subject[]> {
  const layerDirectory = mkdtempSync(join(tmpdir(), 'bench-layer-'));
  process.on('exit', () => rmSync(layerDirectory, { recursive: true, force: true }));
  await unzip(readFileSync(BUILT_LAYER_ZIP), layerDirectory);
  const launcher = join(layerDirectory, 'extensions', 'kinesis-telemetry-extension');
  const built = { layerDirectory, launcher };
  return [
    FLOOR,
    { ...built, name: 'signed', variables: {} },
    { ...built, name: 'sdk', variables: { KINESIS_TELEMETRY_CLIENT: 'sdk' } },
  ];
}

/** The variables of a subject that sends to `kinesis`. */
export function variablesOf(subject: Subject, kinesis: KinesisFake): Record<string, string> {
  return { KINESIS_TELEMETRY_STREAM: STREAM, KINESIS_TELEMETRY_ENDPOINT: kinesis.url, ...subject.variables };
}

/** A stream that takes everything: what is measured is the extension, and the fake shares its machine. */
export function startKinesis(): Promise<KinesisFake> {
  return KinesisFake.start({ streams: [{ name: STREAM, shards: 4 }], verifySignatures: false });
}
