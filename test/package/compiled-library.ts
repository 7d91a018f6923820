import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const ROOT = join(__dirname, '../..');
const LOCK = join(ROOT, 'node_modules', '.compiling-library');
const COMPILED = ['.jsii', '.jsii.gz', 'lib/index.js', 'lib/index.d.ts'];
const POLL_MS = 500;
const require = createRequire(__filename);

/**
 * `npm test` in a fresh clone comes before `npm run build`: several test files need what jsii writes, and the first of
 * them makes it. A directory is the lock between their processes.
 */
export async function compileWhenMissing(): Promise<void> {
  const isCompiled = () => COMPILED.every((file) => existsSync(join(ROOT, file)));
  if (isCompiled() && !existsSync(LOCK)) return;
  if (!takeLock()) {
    while (existsSync(LOCK)) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    return;
  }
  try {
    if (!isCompiled()) compile();
  } finally {
    rmdirSync(LOCK);
  }
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    return false;
  }
}

function compile(): void {
  execFileSync(
    process.execPath,
    [require.resolve('jsii/bin/jsii'), '--silence-warnings=reserved-word', '--compress-assembly'],
    { cwd: ROOT, env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' }, stdio: 'pipe' },
  );
}

export interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
  readonly stability?: string;
  readonly deprecated?: string;
}

export interface Member {
  readonly name: string;
  readonly docs?: Docs;
  readonly optional?: boolean;
  readonly overrides?: string;
  readonly type?: { readonly primitive?: string };
  readonly parameters?: readonly Member[];
}

export interface ApiType {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly docs?: Docs;
  readonly properties?: readonly Member[];
  readonly methods?: readonly Member[];
  readonly members?: readonly Member[];
  readonly initializer?: { readonly docs?: Docs; readonly parameters?: readonly Member[] };
}

/** The public API as jsii sees it. `.jsii` itself only says where the rest is. */
export function publicTypes(): ApiType[] {
  const assembly = JSON.parse(gunzipSync(readFileSync(join(ROOT, '.jsii.gz'))).toString()) as {
    types: Record<string, ApiType>;
  };
  return Object.values(assembly.types);
}
