import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Zippable, zipSync } from 'fflate';

/** One place for every option of the bundler: the same sources give the same bytes in any folder, on any machine. */
async function bundle(root: string): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { index: 'extension/src/main.ts', 'kinesis-sender': 'extension/src/kinesis-sender.ts' },
    outdir: 'assets/kinesis-telemetry-extension',
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Loaded at run time, after the first /next (telemetry.ts)
    external: ['./kinesis-sender.js'],
    charset: 'utf8',
    legalComments: 'none',
    treeShaking: true,
    // Without this, esbuild reads a tsconfig.json near the sources, and jsii writes one during the build.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    logLevel: 'warning',
  });
  return new Map(outputFiles.map((file) => [file.path.replace(/^.*[\\/]/, ''), file.contents]));
}

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
