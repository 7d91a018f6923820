import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './artefacts';
import { run } from './command';
import { go, useBuiltModule } from './go-project';
import { maven } from './java-project';

/** An example in a folder of its own, outside the repository. */
export interface Example {
  /** Folder of the assembly. */
  readonly assembly: string;
  /** Runs the example's decoder: records as base64 in, lines of JSON out, one a line each. */
  decode(records: string): Promise<string>;
}

async function copied(language: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const skipped = /[\\/](__pycache__|target|dist|cdk\.out|\.venv)$/;
  await cp(join(ROOT, 'examples', language, 'telemetry-app'), folder, {
    recursive: true,
    filter: (source) => !skipped.test(source),
  });
  return join(folder, 'cdk.out');
}

export async function pythonExample(python: string, folder: string): Promise<Example> {
  const assembly = await copied('python', folder);
  await run(python, ['-O', 'app.py'], { cwd: folder, env: { CDK_OUTDIR: assembly } });
  return { assembly, decode: (input) => run(python, ['consumer/decoder.py'], { cwd: folder, input }) };
}

export async function javaExample(folder: string): Promise<Example> {
  const assembly = await copied('java', folder);
  await maven(join(folder, 'consumer'), ['package']);
  await maven(folder, ['compile', 'exec:java'], { CDK_OUTDIR: assembly });
  const classpath = join('consumer', 'target', 'consumer.jar');
  return {
    assembly,
    decode: (input) => run('java', ['-cp', classpath, 'example.RecordDecoder'], { cwd: folder, input }),
  };
}

export async function goExample(folder: string): Promise<Example> {
  const assembly = await copied('go', folder);
  await useBuiltModule(folder);
  const target = { GOOS: 'linux', GOARCH: 'arm64', CGO_ENABLED: '0' };
  await go(folder, ['build', '-o', join('consumer', 'dist', 'bootstrap'), './consumer'], target);
  await go(folder, ['run', '.'], { CDK_OUTDIR: assembly });
  await go(folder, ['build', '-o', 'decoder', './decode']);
  return { assembly, decode: (input) => run(join(folder, 'decoder'), [], { cwd: folder, input }) };
}
