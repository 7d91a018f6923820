import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { artefacts, CDK_VERSION, CONSTRUCTS_VERSION } from './artefacts';
import { run } from './command';
import { PYTHON } from './tool-chain';

const BIN = process.platform === 'win32' ? 'Scripts' : 'bin';

/** Makes a virtual environment with the wheel in it. Returns its Python. */
export async function installWheel(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await run(PYTHON, ['-m', 'venv', 'venv'], { cwd: folder });
  const python = join(folder, 'venv', BIN, 'python');
  const packages = [artefacts().python.path, `aws-cdk-lib==${CDK_VERSION}`, `constructs==${CONSTRUCTS_VERSION}`];
  // Most of CDK is never imported: compiling it here takes longer than the rest together.
  await run(python, ['-m', 'pip', 'install', '--quiet', '--no-compile', ...packages], { cwd: folder });
  return python;
}

/** Synthesizes the small app. Returns the folder of the assembly. */
export async function synthesizeWithPython(python: string, folder: string): Promise<string> {
  await cp(join(__dirname, 'apps', 'python'), folder, { recursive: true });
  const assembly = join(folder, 'cdk.out');
  // -O: without jsii's checks of types at run time, twice as fast
  await run(python, ['-O', 'app.py'], { cwd: folder, env: { CDK_OUTDIR: assembly } });
  return assembly;
}
