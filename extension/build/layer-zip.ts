import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { bundle } from './bundle';

const FILE_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;
const UNIX = 3;

/** The layer as a zip with fixed names, order, times and modes: CDK hashes the file, and modes must survive Windows. */
export async function buildLayerZip(root: string): Promise<Uint8Array> {
  const files: Zippable = {};
  const add = (name: string, contents: Uint8Array, mode: number) => {
    files[name] = [contents, { os: UNIX, attrs: mode << 16, mtime: new Date(1980, 0, 1), level: 9 }];
  };
  // Lambda executes every file in extensions/: nothing but the launcher may lie there.
  const launcher = readFileSync(join(root, 'extension', 'launcher', 'kinesis-telemetry-extension'), 'utf8');
  add('extensions/kinesis-telemetry-extension', Buffer.from(launcher.replace(/\r\n/g, '\n')), EXECUTABLE_MODE);
  const bundled = await bundle(root);
  for (const name of [...bundled.keys()].sort()) {
    add(`kinesis-telemetry-extension/${name}`, bundled.get(name) as Uint8Array, FILE_MODE);
  }
  return zipSync(files);
}
