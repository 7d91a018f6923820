import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure';
import { NODE_VERSIONS } from './node-binaries';

/** One run of the benchmarks. */
export interface Results {
  /** ISO date, the name of its files. */
  readonly date: string;
  readonly machine: string;
  /** Short hash of the commit, with `+` where the work tree differs from it. */
  readonly commit: string;
  readonly nodeVersions: readonly string[];
  readonly figures: readonly Figure[];
}

const FOLDER = join(__dirname, 'results');

export function newResults(nodes: readonly string[], figures: readonly Figure[]): Results {
  const gib = Math.round(totalmem() / 1_024 ** 3);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown kind'}, ${gib} GiB, ${process.platform}`,
    commit: commit(),
    nodeVersions: nodes.map((node) => NODE_VERSIONS[node] as string),
    figures,
  };
}

/** The newest results in bench/results. */
export function lastResults(): Results | undefined {
  if (!existsSync(FOLDER)) return undefined;
  const newest = readdirSync(FOLDER)
    .filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name))
    .sort()
    .at(-1);
  return newest === undefined ? undefined : (JSON.parse(readFileSync(join(FOLDER, newest), 'utf8')) as Results);
}

/** Writes a file of bench/results and returns its path from the project's root. */
export function writeResult(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, name), text);
  return join('bench', 'results', name);
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
    const isClean = git('status', '--porcelain', '--untracked-files=no') === '';
    return `${git('rev-parse', '--short', 'HEAD')}${isClean ? '' : '+'}`;
  } catch {
    return 'unknown'; // not a clone
  }
}
