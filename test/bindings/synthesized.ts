import { deepStrictEqual } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readZip } from '../../sandbox/src/zip-reader';

const STACKS = ['Producer', 'Consumer'];
const LAUNCHER = 'extensions/kinesis-telemetry-extension';
const EXECUTABLE = 0o755;

export type Templates = Record<string, unknown>;

/** The templates of a cloud assembly by the name of their stacks. */
export function templatesOf(assembly: string): Templates {
  return Object.fromEntries(
    STACKS.map((stack) => {
      const path = join(assembly, `${stack}.template.json`);
      if (!existsSync(path)) throw new Error(`the app wrote no ${path}`);
      return [stack, JSON.parse(readFileSync(path, 'utf8'))];
    }),
  );
}

/** @throws with the difference, hashes of assets included: the layer is the same file everywhere */
export function expectSameTemplates(found: Templates, expected: Templates): void {
  for (const stack of STACKS) deepStrictEqual(found[stack], expected[stack]);
}

/** @throws unless the assembly holds exactly this layer, with a launcher that can be executed */
export function expectLayerIn(assembly: string, layer: Buffer): void {
  const zips = readdirSync(assembly).filter((file) => /^asset\..*\.zip$/.test(file));
  if (zips.length !== 1) throw new Error(`${assembly} holds ${zips.length} zip files instead of one`);
  const synthesized = readFileSync(join(assembly, zips[0] as string));
  if (!synthesized.equals(layer)) throw new Error(`${zips[0]} differs from the layer that was built`);
  expectExecutableLauncher(synthesized);
}

export function expectExecutableLauncher(layer: Buffer): void {
  const mode = readZip(layer).find(({ name }) => name === LAUNCHER)?.mode;
  if (mode !== EXECUTABLE) throw new Error(`${LAUNCHER} has mode ${mode?.toString(8) ?? 'none'} instead of 755`);
}
