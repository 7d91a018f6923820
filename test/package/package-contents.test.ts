import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const root = join(__dirname, '../..');
const require = createRequire(__filename);

/** `npm pack` lists what is there: without the compiled library the list would prove nothing. */
function compileWhenMissing(): void {
  const compiled = ['.jsii', 'lib/index.js', 'lib/index.d.ts'].every((file) => existsSync(join(root, file)));
  if (compiled) return;
  execFileSync(process.execPath, [require.resolve('jsii/bin/jsii'), '--silence-warnings=reserved-word'], {
    cwd: root,
    env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
    stdio: 'pipe',
  });
}

function packedFiles(): string[] {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32', // npm is npm.cmd there
  });
  const [packed] = JSON.parse(output) as [{ files: { path: string }[] }];
  return packed.files.map(({ path }) => path);
}

describe('the package on npm', () => {
  let files: string[] = [];
  beforeAll(() => {
    compileWhenMissing();
    files = packedFiles();
  }, 240_000);

  test.each([
    '.jsii', // Construct Hub turns a package without it away
    'lib/index.js',
    'lib/index.d.ts',
    'assets/kinesis-telemetry-extension.zip',
    'API.md',
    'README.md',
    'LICENSE',
    'package.json',
  ])('has %s', (file) => {
    expect(files).toContain(file);
  });

  test.each(['extension/', 'sandbox/', 'test/', 'examples/', 'projenrc/', 'bench/', 'src/', '.github/', '.projen'])(
    'has nothing of %s',
    (folder) => {
      expect(files.filter((file) => file.startsWith(folder))).toEqual([]);
    },
  );

  test('has no TypeScript other than declarations', () => {
    expect(files.filter((file) => /\.[cm]?tsx?$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
  });

  test('has a declaration for each module, and no module of tests', () => {
    const modules = files.filter((file) => file.startsWith('lib/') && file.endsWith('.js'));
    expect(modules.length).toBeGreaterThan(10);
    expect(modules.filter((file) => !files.includes(file.replace(/\.js$/, '.d.ts')))).toEqual([]);
    expect(modules.filter((file) => file.includes('.test.'))).toEqual([]);
  });
});
