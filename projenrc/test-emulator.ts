// `npm run test:emulator`: the examples deployed into MiniStack, an emulator of AWS, by CloudFormation's own API. No
// account, no Docker. The emulator is a Python program, of an exact version, installed with what the tests need into a
// virtual environment in a temporary folder; it listens on 127.0.0.1 alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');
const tests = join(root, 'test/emulator');
const EXAMPLES = ['complete-pipeline', 'telemetry-stack'];

const folder = mkdtempSync(join(tmpdir(), 'emulator-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

function run(command: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): void {
  const env = { ...process.env, ...options.env };
  const { status, error } = spawnSync(command, args, { cwd: options.cwd ?? folder, env, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** An interpreter of 3.10 or newer, as the emulator wants it. */
function findPython(): string {
  const check = 'import sys; sys.exit(sys.version_info < (3, 10))';
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['-c', check]).status === 0);
  if (!python) throw new Error('test:emulator needs Python 3.10 or newer on the path');
  return python;
}

function installTools(): string {
  run(findPython(), ['-m', 'venv', 'venv']);
  const python = join(folder, 'venv', process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  console.log('Installing the emulator ...');
  const requirements = join(tests, 'requirements.txt');
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  return python;
}

const cdk = join(createRequire(__filename).resolve('aws-cdk/package.json'), '../bin/cdk');
for (const example of EXAMPLES) {
  run(process.execPath, [cdk, 'synth', '--quiet', '--no-notices', '--output', join(folder, 'assemblies', example)], {
    cwd: join(root, 'examples/typescript', example),
    // the core's own linter judges the templates in test/construct
    env: { CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'false' },
  });
}
const python = process.env.EMULATOR_PYTHON ?? installTools(); // an interpreter that has test/emulator/requirements.txt
run(python, ['-B', join(tests, 'main.py')], { env: { ASSEMBLIES: join(folder, 'assemblies') } });
