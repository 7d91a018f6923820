import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CDK_VERSION, MANIFEST, ROOT } from './artefacts';
import { run } from './command';

const { moduleName, packageName } = MANIFEST.jsii.targets.go;
const GO_MODULE = join(ROOT, 'dist', 'go', packageName);

// The module is written into go.mod by a replace; everything else is checked against the go.sum beside the app.
const ENVIRONMENT = { GOFLAGS: '-mod=mod', GOWORK: 'off' };

export async function go(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return run('go', args, { cwd: folder, env: { ...ENVIRONMENT, ...env } });
}

/** Points a Go project at the module that was built. */
export async function useBuiltModule(folder: string): Promise<void> {
  await go(folder, ['mod', 'edit', '-replace', `${moduleName}/${packageName}=${GO_MODULE}`]);
}

/** Compiles and synthesizes the small app. Returns the folder of the assembly. */
export async function synthesizeWithGo(folder: string): Promise<string> {
  await cp(join(__dirname, 'apps', 'go'), folder, { recursive: true });
  const goMod = await readFile(join(folder, 'go.mod'), 'utf8');
  if (!goMod.includes(`awscdk/v2 v${CDK_VERSION}`)) {
    throw new Error(
      `test/bindings/apps/go/go.mod: awscdk is not v${CDK_VERSION}, the peer dependency: go get, go mod tidy`,
    );
  }
  await useBuiltModule(folder);
  // all packages of the module, and with them all its files: pacmak has not compiled them
  await go(folder, ['vet', `${moduleName}/${packageName}/...`]);
  const assembly = join(folder, 'cdk.out');
  await go(folder, ['run', '.'], { CDK_OUTDIR: assembly });
  return assembly;
}
