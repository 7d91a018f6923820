import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { buildLayerZip } from '../../extension/build/layer-zip';
import { readZip } from '../../sandbox/src';

const ROOT = join(__dirname, '..', '..');

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'layer-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

it('holds the launcher, executable and alone in extensions/, and the code beside it', async () => {
  const entries = readZip(Buffer.from(await buildLayerZip(ROOT)));
  expect(entries.map(({ name, mode }) => [name, ((mode ?? 0) & 0o777).toString(8)])).toEqual([
    ['extensions/kinesis-telemetry-extension', '755'],
    ['kinesis-telemetry-extension/index.js', '644'],
    ['kinesis-telemetry-extension/kinesis-sender.js', '644'],
    ['kinesis-telemetry-extension/record-compressor.js', '644'],
    ['kinesis-telemetry-extension/sdk-kinesis-client.js', '644'],
    ['kinesis-telemetry-extension/self-metrics.js', '644'],
  ]);
  expect(entries[0]?.data.toString()).toMatch(/^#!\/bin\/sh\n/);
  expect(entries[0]?.data.includes('\r')).toBe(false);
});

it('has the same bytes when it is built twice, and in another folder with a tsconfig.json nearby', async () => {
  const elsewhere = await folder();
  await cp(join(ROOT, 'extension'), join(elsewhere, 'extension'), { recursive: true });
  await mkdir(join(elsewhere, 'assets'));
  await symlink(join(ROOT, 'node_modules'), join(elsewhere, 'node_modules'));
  // What jsii leaves behind during a build: esbuild must not read it.
  await writeFile(join(elsewhere, 'tsconfig.json'), '{"compilerOptions":{"target":"ES5","importHelpers":true}}');
  const [first, second, other] = await Promise.all([
    buildLayerZip(ROOT),
    buildLayerZip(ROOT),
    buildLayerZip(elsewhere),
  ]);
  expect(Buffer.compare(first, second)).toBe(0);
  expect(Buffer.compare(first, other)).toBe(0);
});

it('does not change with the time zone', async () => {
  const { TZ } = process.env;
  onTestFinished(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });
  const here = await buildLayerZip(ROOT);
  process.env.TZ = 'Pacific/Kiritimati';
  expect(Buffer.compare(here, await buildLayerZip(ROOT))).toBe(0);
});

async function filesOfCode(): Promise<Record<string, string>> {
  const entries = readZip(Buffer.from(await buildLayerZip(ROOT)));
  const code = entries.filter(({ name }) => name.endsWith('.js'));
  return Object.fromEntries(code.map(({ name, data }) => [name.replace(/^.*\//, ''), data.toString()]));
}

const bytes = (...files: (string | undefined)[]) => files.reduce((sum, file) => sum + Buffer.byteLength(file ?? ''), 0);

it('stays small', async () => {
  const code = await filesOfCode();
  expect(bytes(code['index.js'], code['kinesis-sender.js'])).toBeLessThanOrEqual(57_000); // docs/decisions/0005-cold-start.md, Bytes
  expect(bytes(code['self-metrics.js'])).toBeLessThanOrEqual(2_500);
  expect(bytes(code['record-compressor.js'])).toBeLessThanOrEqual(2_500);
  expect(bytes(code['sdk-kinesis-client.js'])).toBeLessThanOrEqual(200_000);
});

it('has the SDK in a file of its own, without its chain of credential providers', async () => {
  const code = await filesOfCode();
  const has = (name: string, part: RegExp) => part.test(code[name] ?? ''); // a failing toMatch would print the file
  for (const name of ['index.js', 'kinesis-sender.js', 'record-compressor.js', 'self-metrics.js'])
    expect([name, has(name, /aws-?sdk|smithy/i)]).toEqual([name, false]);
  expect(has('sdk-kinesis-client.js', /smithy/)).toBe(true);
  for (const part of [/CreateTokenCommand/, /AssumeRoleWithWebIdentity/]) {
    expect([part, has('sdk-kinesis-client.js', part)]).toEqual([part, false]);
  }
});

it('requires nothing but Node.js and its own files, and only from the places that are known', async () => {
  const code = await filesOfCode();
  const required = (name: string) => [...new Set(code[name]?.match(/require\("[^"]+"\)/g))].sort();
  expect(required('index.js').filter((call) => !call.includes('"node:'))).toEqual([
    'require("./kinesis-sender.js")',
    'require("./record-compressor.js")',
    'require("./self-metrics.js")',
  ]);
  expect(required('self-metrics.js')).toEqual([]);
  expect(required('kinesis-sender.js').filter((call) => !call.includes('"node:'))).toEqual([
    'require("./sdk-kinesis-client.js")',
  ]);
  // Without gzip nothing of zlib is loaded.
  expect(required('kinesis-sender.js')).not.toContain('require("node:zlib")');
  expect(required('record-compressor.js')).toEqual(['require("node:zlib")']);
  for (const call of required('sdk-kinesis-client.js')) {
    expect(builtinModules).toContain(/"(?:node:)?([^"]+)"/.exec(call)?.[1]);
  }
});
