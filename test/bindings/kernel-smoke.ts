import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { artefacts, MANIFEST, ROOT } from './artefacts';
import { run } from './command';
import { JsiiKernel } from './jsii-kernel';
import { readTgz } from './tar-reader';

const LIBRARY = MANIFEST.name;
const require = createRequire(__filename);
const DEPENDENCIES = [
  'constructs',
  '@aws-cdk/asset-awscli-v1',
  '@aws-cdk/asset-node-proxy-agent-v6',
  '@aws-cdk/cloud-assembly-schema',
  'aws-cdk-lib',
];

/**
 * Drives the library through the jsii kernel, as Python, Java and Go do, with the newest CDK. Needs npm alone. Returns
 * the folder of the assembly.
 */
export async function synthesizeWithKernel(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const kernel = await JsiiKernel.start(await unpackRuntime(folder));
  try {
    for (const name of DEPENDENCIES) {
      const version = await versionOf(name);
      await kernel.call('load', { name, version, tarball: await pack(folder, name, version) });
    }
    await kernel.call('load', { name: LIBRARY, version: MANIFEST.version, tarball: artefacts().npm.path });
    return await synthesize(kernel, join(folder, 'cdk.out'));
  } finally {
    kernel.stop();
  }
}

async function synthesize(kernel: JsiiKernel, assembly: string): Promise<string> {
  const app = await kernel.create('aws-cdk-lib.App', { outdir: assembly });
  const stack = await kernel.create('aws-cdk-lib.Stack', app, 'Producer');
  const { value: runtime } = await kernel.call('sget', {
    fqn: 'aws-cdk-lib.aws_lambda.Runtime',
    property: 'NODEJS_22_X',
  });
  const inline = { fqn: 'aws-cdk-lib.aws_lambda.Code', method: 'fromInline', args: ['x'] };
  const { result: code } = await kernel.call('sinvoke', inline);
  const fn = await kernel.create('aws-cdk-lib.aws_lambda.Function', stack, 'Fn', {
    runtime,
    handler: 'index.handler',
    code,
  });
  const options = {
    recordFormat: { '$jsii.enum': `${LIBRARY}.RecordFormat/NDJSON_GZIP` },
    tags: { '$jsii.map': { a: 'b' } },
  };
  const props = { '$jsii.struct': { fqn: `${LIBRARY}.KinesisTelemetryExtensionProps`, data: { options } } };
  const telemetry = await kernel.create(`${LIBRARY}.KinesisTelemetryExtension`, stack, 'Telemetry', props);
  await kernel.call('invoke', { objref: telemetry, method: 'addToFunction', args: [fn] });
  await kernel.call('invoke', { objref: app, method: 'synth', args: [] });
  return assembly;
}

/** @throws unless enum, map and struct have come through the kernel into the function's variables */
export async function expectVariables(assembly: string): Promise<void> {
  const template = JSON.parse(await readFile(join(assembly, 'Producer.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { Environment?: { Variables: Record<string, unknown> } } }>;
  };
  const fn = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::Lambda::Function');
  const { KINESIS_TELEMETRY_RECORD_FORMAT: format, KINESIS_TELEMETRY_TAGS: tags } =
    fn?.Properties.Environment?.Variables ?? {};
  if (format === 'ndjson-gzip' && tags === '{"a":"b"}') return;
  throw new Error(`KINESIS_TELEMETRY_RECORD_FORMAT is ${format}, KINESIS_TELEMETRY_TAGS is ${tags}`);
}

/** The runtime is one bundled file in its package: installing its dependencies would be of no use. */
async function unpackRuntime(folder: string): Promise<string> {
  const { version } = require('jsii-pacmak/package.json') as { version: string }; // released together
  const files = readTgz(await readFile(await pack(folder, '@jsii/runtime', version)));
  for (const [name, data] of files) {
    if (!name.startsWith('package/webpack/')) continue;
    const path = join(folder, 'runtime', name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, data);
  }
  return join(folder, 'runtime', 'package', 'webpack', 'bin', 'jsii-runtime.js');
}

async function versionOf(name: string): Promise<string> {
  const nested = join(ROOT, 'node_modules', 'aws-cdk-lib', 'node_modules', name, 'package.json');
  const hoisted = join(ROOT, 'node_modules', name, 'package.json');
  const manifest = await readFile(nested, 'utf8').catch(() => readFile(hoisted, 'utf8'));
  return (JSON.parse(manifest) as { version: string }).version;
}

async function pack(folder: string, name: string, version: string): Promise<string> {
  const output = await run('npm', ['pack', `${name}@${version}`, '--json', '--prefer-offline'], { cwd: folder });
  const packed = JSON.parse(output) as Record<string, { filename: string }>; // a list, or a map with newer npm
  return join(folder, (Object.values(packed)[0] as { filename: string }).filename);
}
