import { build } from 'esbuild';
import { FILE_MODE, zipOf } from '../../extension/build/zip-file';

/** The processor as a zip for Lambda, always the same bytes: one file, no dependencies. */
export async function buildTransformZip(root: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { index: 'transform/src/handler.ts' },
    outdir: 'assets/telemetry-transform',
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    charset: 'utf8',
    legalComments: 'none',
    treeShaking: true,
    // Without this, esbuild reads a tsconfig.json near the sources, and jsii writes one during the build.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    logLevel: 'warning',
  });
  return zipOf(outputFiles.map(({ contents }) => ({ name: 'index.js', contents, mode: FILE_MODE })));
}
