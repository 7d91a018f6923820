import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CDK_VERSION, CONSTRUCTS_VERSION, MANIFEST, ROOT } from './artefacts';
import { run } from './command';

// Not the user's own repository: Maven would keep our 0.0.0 there and never look at a new one.
const LOCAL_REPOSITORY = join(ROOT, 'node_modules', '.cache', 'bindings-maven');

/** Makes Maven forget the jar of the last run, and keep what it has downloaded. */
export async function forgetOldJar(): Promise<void> {
  const { groupId, artifactId } = MANIFEST.jsii.targets.java.maven;
  await rm(join(LOCAL_REPOSITORY, ...groupId.split('.'), artifactId), { recursive: true, force: true });
}

/** Maven with the repository that jsii-pacmak has written, and with the versions on trial. */
export async function maven(folder: string, goals: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  return run(
    'mvn',
    [
      '--quiet',
      '--batch-mode',
      `-Dmaven.repo.local=${LOCAL_REPOSITORY}`,
      `-Dlibrary.repository=${pathToFileURL(join(ROOT, 'dist', 'java')).href}`,
      `-Dlibrary.version=${MANIFEST.version}`,
      `-Dcdk.version=${CDK_VERSION}`,
      `-Dconstructs.version=${CONSTRUCTS_VERSION}`,
      ...goals,
    ],
    { cwd: folder, env },
  );
}

/** Compiles and synthesizes the small app. Returns the folder of the assembly. */
export async function synthesizeWithJava(folder: string): Promise<string> {
  await cp(join(__dirname, 'apps', 'java'), folder, { recursive: true });
  const assembly = join(folder, 'cdk.out');
  await maven(folder, ['compile', 'exec:java'], { CDK_OUTDIR: assembly });
  return assembly;
}
