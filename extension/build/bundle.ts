import { type BuildOptions, build, type Plugin } from 'esbuild';

/** What every file has in common: the same sources give the same bytes in any folder, on any machine. */
function options(root: string): BuildOptions & { write: false } {
  return {
    absWorkingDir: root,
    outdir: 'assets/kinesis-telemetry-extension',
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The bundle's own files, loaded at run time and only where needed
    external: ['kinesis-sender', 'record-compressor', 'sdk-kinesis-client', 'self-metrics'].map(
      (name) => `./${name}.js`,
    ),
    charset: 'utf8',
    legalComments: 'none',
    treeShaking: true,
    // Without this, esbuild reads a tsconfig.json near the sources, and jsii writes one during the build.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    logLevel: 'warning',
  };
}

/** The extension without any dependency: the default. */
const SIGNED: BuildOptions = {
  entryPoints: {
    index: 'extension/src/main.ts',
    'kinesis-sender': 'extension/src/kinesis-sender.ts',
    'record-compressor': 'extension/src/record-compressor.ts',
    'self-metrics': 'extension/src/self-metrics.ts',
  },
};

/** Cuts out the SDK's chain of credential providers: never used, and two fifths of the file. */
const withoutCredentialChain: Plugin = {
  name: 'without-credential-chain',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path }) => ({ path, namespace: 'without-chain' }));
    onLoad({ filter: /./, namespace: 'without-chain' }, () => ({
      contents:
        'export const defaultProvider = () => { throw new Error("the extension passes its own credentials"); };',
    }));
  },
};

const SDK: BuildOptions = {
  entryPoints: { 'sdk-kinesis-client': 'extension/src/sdk-kinesis-client.ts' },
  mainFields: ['module', 'main'], // CommonJS files could not be tree-shaken
  plugins: [withoutCredentialChain],
};

/** The files of the extension by name. */
export async function bundle(root: string): Promise<Map<string, Uint8Array>> {
  const results = await Promise.all([SIGNED, SDK].map((part) => build({ ...options(root), ...part })));
  const outputFiles = results.flatMap((result) => result.outputFiles ?? []);
  return new Map(outputFiles.map((file) => [file.path.replace(/^.*[\\/]/, ''), file.contents]));
}
