import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileWhenMissing, ROOT } from './compiled-library';

interface Packed {
  readonly files: readonly { readonly path: string }[];
  readonly unpackedSize: number;
}

const MAX_UNPACKED_BYTES = 1_000_000;

function packed(): Packed {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32', // npm is npm.cmd there
  });
  return (JSON.parse(output) as [Packed])[0];
}

describe('the package on npm', () => {
  let files: string[] = [];
  let unpackedBytes = 0;
  beforeAll(async () => {
    await compileWhenMissing(); // `npm pack` lists what is there: without the compiled library that would prove nothing
    const { files: list, unpackedSize } = packed();
    files = list.map(({ path }) => path);
    unpackedBytes = unpackedSize;
  }, 240_000);

  test.each([
    '.jsii', // Construct Hub turns a package without it away
    '.jsii.gz', // what `.jsii` points to
    'lib/index.js',
    'lib/index.d.ts',
    'assets/kinesis-telemetry-extension.zip',
    'assets/telemetry-transform.zip',
    'API.md',
    'README.md',
    'LICENSE',
    'package.json',
  ])('has %s', (file) => {
    expect(files).toContain(file);
  });

  test.each([
    'extension/',
    'transform/',
    'sandbox/',
    'test/',
    'examples/',
    'projenrc/',
    'bench/',
    'src/',
    '.github/',
    '.projen',
  ])('has nothing of %s', (folder) => {
    expect(files.filter((file) => file.startsWith(folder))).toEqual([]);
  });

  test('has no TypeScript other than declarations', () => {
    expect(files.filter((file) => /\.[cm]?tsx?$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
  });

  test('has a declaration for each module, and no module of tests', () => {
    const modules = files.filter((file) => file.startsWith('lib/') && file.endsWith('.js'));
    expect(modules.length).toBeGreaterThan(10);
    expect(modules.filter((file) => !files.includes(file.replace(/\.js$/, '.d.ts')))).toEqual([]);
    expect(modules.filter((file) => file.includes('.test.'))).toEqual([]);
  });

  test('stays under 1 MB unpacked', () => {
    expect(unpackedBytes).toBeGreaterThan(100_000);
    expect(unpackedBytes).toBeLessThan(MAX_UNPACKED_BYTES);
  });
});
