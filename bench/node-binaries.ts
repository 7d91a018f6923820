import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Lambda's Node.js runtimes, each at one fixed version, so that figures of different days can be compared. */
export const NODE_VERSIONS: Readonly<Record<string, string>> = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' };

const CACHE = join(__dirname, '..', 'node_modules', '.cache', 'bench-node');

/**
 * The node binary of a major version, from npm's node-<os>-<cpu> packages. Installed when first asked for and not as
 * devDependencies: three binaries of 100 MB each for one command, and packages of one platform alone, which npm
 * refuses on every other.
 */
export function nodeBinary(major: string): string {
  const version = NODE_VERSIONS[major];
  if (version === undefined) throw new Error(`Node.js ${major} is none of ${Object.keys(NODE_VERSIONS).join(', ')}`);
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(CACHE, version);
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(binary)) {
    console.error(`Installing ${name}@${version} into node_modules/.cache ...`);
    const options = [
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    execFileSync('npm', ['install', '--prefix', folder, ...options, `${name}@${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // Pages of a file that is not yet on disk count as dirty memory of whoever maps them: the code itself, 36 MiB.
    execFileSync('sync');
  }
  return binary;
}
