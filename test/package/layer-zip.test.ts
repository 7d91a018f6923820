import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
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
  expect(entries.map(({ name, mode }) => [name, (mode & 0o777).toString(8)])).toEqual([
    ['extensions/kinesis-telemetry-extension', '755'],
    ['kinesis-telemetry-extension/index.js', '644'],
    ['kinesis-telemetry-extension/kinesis-sender.js', '644'],
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

it('stays small', async () => {
  const entries = readZip(Buffer.from(await buildLayerZip(ROOT)));
  const code = entries.filter(({ name }) => name.endsWith('.js')).map(({ data }) => data.length);
  expect(code.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(48_000);
});
