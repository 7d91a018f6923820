import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artefacts, CDK_VERSION, CONSTRUCTS_VERSION, MANIFEST, ROOT } from './artefacts';
import { run } from './command';

const APPS = join(__dirname, 'apps', 'npm');

export type NpmFlavour = 'CommonJS' | 'ESM' | 'strict TypeScript';
export const NPM_FLAVOURS: readonly NpmFlavour[] = ['CommonJS', 'ESM', 'strict TypeScript'];

const SOURCE: Record<NpmFlavour, string> = { CommonJS: 'app.cjs', ESM: 'app.mjs', 'strict TypeScript': 'app.ts' };

const STRICT = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  skipLibCheck: true, // a minute more with CDK's declarations
  verbatimModuleSyntax: true,
  module: 'node20',
  target: 'es2022',
  types: ['node'],
};

/** Installs the tarball into an empty project, and synthesizes. Returns the folder of the assembly. */
export async function synthesizeWithNpm(flavour: NpmFlavour, folder: string): Promise<string> {
  const typescript = flavour === 'strict TypeScript';
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'bindings-app',
      private: true,
      type: flavour === 'CommonJS' ? 'commonjs' : 'module',
      dependencies: {
        'aws-cdk-lib': CDK_VERSION,
        constructs: CONSTRUCTS_VERSION,
        [MANIFEST.name]: `file:${artefacts().npm.path}`,
        ...(typescript && { '@types/node': MANIFEST.devDependencies['@types/node'] }),
      },
    }),
  );
  await cp(join(APPS, SOURCE[flavour]), join(folder, SOURCE[flavour]));
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
  if (typescript) await compile(folder);
  const assembly = join(folder, 'cdk.out');
  const app = SOURCE[flavour].replace(/\.ts$/, '.js');
  await run(process.execPath, [app], { cwd: folder, env: { CDK_OUTDIR: assembly } });
  return assembly;
}

async function compile(folder: string): Promise<void> {
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: STRICT, files: [SOURCE['strict TypeScript']] }),
  );
  await run(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')], { cwd: folder });
}
