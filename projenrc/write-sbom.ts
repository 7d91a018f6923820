import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..');
const ENTRIES = ['main', 'kinesis-sender', 'record-compressor', 'self-metrics', 'sdk-kinesis-client'].map(
  (name) => `extension/src/${name}.ts`,
);

export interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Path of its licence, relative to the root; undefined where it ships none. */
  readonly licenceFile?: string;
}

/** The npm packages whose code is in the layer: those esbuild took a byte from. */
export async function bundledPackages(root = ROOT): Promise<Bundled[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    outdir: 'assets/unwritten',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: [
      './kinesis-sender.js',
      './record-compressor.js',
      './self-metrics.js',
      './sdk-kinesis-client.js',
      '@aws-sdk/credential-provider-node',
    ],
    tsconfigRaw: {},
    logLevel: 'error',
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const folders = used.map(([path]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const unique = [...new Set(folders.filter((folder) => folder !== undefined))];
  return unique.map((folder) => describe(root, folder)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describe(root: string, folder: string): Bundled {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<string, string>;
  const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
  return {
    name: manifest.name as string,
    version: manifest.version as string,
    licence: manifest.license ?? 'unknown',
    licenceFile: file && `${folder}/${file}`,
  };
}

/** CycloneDX 1.6, without a time and without a random serial number: the same sources give the same file. */
export function sbom(
  library: { name: string; version: string },
  bundled: readonly Bundled[],
  zips: { readonly layer: Buffer; readonly transform: Buffer },
): string {
  const hashes = (zip: Buffer) => [{ alg: 'SHA-256', content: createHash('sha256').update(zip).digest('hex') }];
  const purl = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const self = purl(library.name, library.version);
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'library',
        'bom-ref': self,
        name: library.name,
        version: library.version,
        purl: self,
        licenses: [{ license: { id: 'Apache-2.0' } }],
        hashes: hashes(zips.layer),
        description: 'the hash is that of assets/kinesis-telemetry-extension.zip, the layer',
        components: [{ type: 'file', name: 'assets/telemetry-transform.zip', hashes: hashes(zips.transform) }],
      },
    },
    components: bundled.map(({ name, version, licence }) => ({
      type: 'library',
      'bom-ref': purl(name, version),
      name,
      version,
      purl: purl(name, version),
      licenses: [{ license: { id: licence } }],
      scope: 'required',
    })),
    dependencies: [{ ref: self, dependsOn: bundled.map(({ name, version }) => purl(name, version)) }],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

export function notice(library: { name: string }, bundled: readonly Bundled[]): string {
  const lines = bundled.map(({ name, version, licence }) => `- ${name} ${version}: ${licence}`);
  return [
    library.name,
    '',
    'The client "sdk" in the layer (kinesis-telemetry-extension/sdk-kinesis-client.js) contains code of the following',
    'packages. Everything else in the layer is our own. The text of Apache-2.0 is in LICENSE.',
    '',
    ...lines,
    '',
    'AWS SDK for JavaScript, Copyright Amazon.com, Inc. or its affiliates. All Rights Reserved.',
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const library = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string; version: string };
  const bundled = await bundledPackages();
  const target = join(ROOT, 'dist', 'sbom.cdx.json');
  mkdirSync(dirname(target), { recursive: true });
  const zip = (name: string) => readFileSync(join(ROOT, 'assets', `${name}.zip`));
  const zips = { layer: zip('kinesis-telemetry-extension'), transform: zip('telemetry-transform') };
  writeFileSync(target, sbom(library, bundled, zips));
  writeFileSync(join(ROOT, 'NOTICE'), notice(library, bundled));
  console.log(`dist/sbom.cdx.json, NOTICE: ${bundled.length} packages are bundled in the layer`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
