// `npm run test:floor`: the construct tests against the oldest aws-cdk-lib and constructs that package.json allows.
// Node.js's own modules only. Everything happens in a temporary folder: the checkout keeps its newest versions.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const floor = Object.entries(peerDependencies).map(([name, range]) => [name, range.replace(/^\^/, '')]);

const folder = mkdtempSync(join(tmpdir(), 'floor-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

console.log(`Installing ${floor.map(([name, version]) => `${name}@${version}`).join(' and ')} ...`);
writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: Object.fromEntries(floor) }));
run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']);

// The other packages are those of the checkout. A link leads Node.js to the checkout's aws-cdk-lib, so what builds on
// the CDK is copied.
function link(relative) {
  const target = join(folder, 'node_modules', relative);
  const source = join(root, 'node_modules', relative);
  const { peerDependencies: peers = {} } = readManifest(source);
  if (floor.some(([name]) => name in peers)) cpSync(source, target, { recursive: true });
  else symlinkSync(source, target, 'junction');
}

function readManifest(source) {
  try {
    return JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  } catch {
    return {}; // .bin, .cache
  }
}

const installed = new Set(readdirSync(join(folder, 'node_modules')));
for (const name of readdirSync(join(root, 'node_modules'))) {
  if (installed.has(name) && !name.startsWith('@')) continue;
  if (!name.startsWith('@')) {
    link(name);
    continue;
  }
  mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  const present = new Set(readdirSync(join(folder, 'node_modules', name)));
  for (const scoped of readdirSync(join(root, 'node_modules', name))) {
    if (!present.has(scoped)) link(join(name, scoped));
  }
}

const sources = [
  'src',
  'extension',
  'transform',
  'sandbox',
  'test',
  'examples',
  'assets',
  'docs',
  'projenrc',
  'README.md',
];
for (const name of [...sources, 'package.json', 'package-lock.json', 'tsconfig.dev.json', 'vitest.config.mts']) {
  cpSync(join(root, name), join(folder, name), { recursive: true });
}
process.env.PACKAGE_TESTS = 'true'; // the rule packs too
const projects = ['--project', 'unit', '--project', 'package'];
run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...projects, 'test/construct']);
