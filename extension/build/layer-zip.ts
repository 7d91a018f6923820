import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle';
import { EXECUTABLE_MODE, FILE_MODE, zipOf } from './zip-file';

/** The layer as a zip, always the same bytes. */
export async function buildLayerZip(root: string): Promise<Uint8Array> {
  // Lambda executes every file in extensions/: nothing but the launcher may lie there.
  const launcher = readFileSync(join(root, 'extension', 'launcher', 'kinesis-telemetry-extension'), 'utf8');
  const bundled = [...(await bundle(root))].sort(([a], [b]) => (a < b ? -1 : 1));
  return zipOf([
    {
      name: 'extensions/kinesis-telemetry-extension',
      contents: Buffer.from(launcher.replace(/\r\n/g, '\n')),
      mode: EXECUTABLE_MODE,
    },
    ...bundled.map(([name, contents]) => ({ name: `kinesis-telemetry-extension/${name}`, contents, mode: FILE_MODE })),
  ]);
}
