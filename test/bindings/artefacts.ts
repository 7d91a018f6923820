import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readZip } from '../../sandbox/src/zip-reader';
import { readTgz } from './tar-reader';

export const ROOT = join(__dirname, '..', '..');
const DIST = join(ROOT, 'dist');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly peerDependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly jsii: {
    readonly targets: {
      readonly java: { readonly maven: { readonly groupId: string; readonly artifactId: string } };
      readonly go: { readonly moduleName: string; readonly packageName: string };
    };
  };
}

export const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** The oldest CDK that users may have: what holds with it in every language holds with the newer ones in TypeScript. */
export const CDK_VERSION = floor('aws-cdk-lib');
export const CONSTRUCTS_VERSION = floor('constructs');

export interface Artefact {
  readonly language: string;
  readonly path: string;
}

/** What `npm run package` has built. */
export function artefacts(): Record<'npm' | 'python' | 'java' | 'go', Artefact> {
  const { java, go } = MANIFEST.jsii.targets;
  const maven = join(DIST, 'java', ...java.maven.groupId.split('.'), java.maven.artifactId, MANIFEST.version);
  return {
    npm: { language: 'npm', path: only(join(DIST, 'js'), /\.tgz$/) },
    python: { language: 'python', path: only(join(DIST, 'python'), /\.whl$/) },
    java: { language: 'java', path: join(maven, `${java.maven.artifactId}-${MANIFEST.version}.jar`) },
    go: { language: 'go', path: only(join(DIST, 'go', go.packageName, 'jsii'), /\.tgz$/) },
  };
}

export const LAYER = 'assets/kinesis-telemetry-extension.zip';

/** The layer inside an artefact. Wheel, jar and Go module hold the npm tarball whole. */
export function layerIn({ path }: Artefact): Buffer {
  const tarball = /\.(whl|jar)$/.test(path) ? tarballIn(path) : readFileSync(path);
  const layer = readTgz(tarball).get(`package/${LAYER}`);
  if (!layer) throw new Error(`${path} holds no ${LAYER}`);
  return layer;
}

function tarballIn(path: string): Buffer {
  const tarball = readZip(readFileSync(path)).find(({ name }) => name.endsWith('.tgz'));
  if (!tarball) throw new Error(`${path} holds no npm tarball`);
  return tarball.data;
}

function only(folder: string, pattern: RegExp): string {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => pattern.test(file)) : [];
  if (files.length === 1) return join(folder, files[0] as string);
  throw new Error(`${folder} holds ${files.length} files like ${pattern} instead of one; run: npm run package`);
}

function floor(name: string): string {
  const range = MANIFEST.peerDependencies[name] ?? '';
  const version = /^\^(\d+\.\d+\.\d+)$/.exec(range)?.[1];
  if (version === undefined) throw new Error(`package.json: peer dependency ${name} is "${range}" instead of ^x.y.z`);
  return version;
}
