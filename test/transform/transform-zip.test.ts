import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readZip, unzip } from '../../sandbox/src';
import { transformZipPath } from '../../src/private/asset-path';
import { buildTransformZip } from '../../transform/build/transform-zip';
import type { FirehoseResponse } from '../../transform/src/firehose-event';
import { newStack } from '../construct/fixture';
import { event, ndjson } from '../decoder/lines';
import { dataOf, firehoseRecord } from './batch';

const ROOT = join(__dirname, '..', '..');

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'transform-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

describe('the zip', () => {
  it('holds one file, which requires nothing but Node.js', async () => {
    const entries = readZip(Buffer.from(await buildTransformZip(ROOT)));
    expect(entries.map(({ name, mode }) => [name, mode])).toEqual([['index.js', 0o644]]);
    const required = [...new Set(entries[0]?.data.toString().match(/require\("[^"]+"\)/g))];
    expect(required.length).toBeGreaterThan(0);
    for (const call of required) expect(builtinModules).toContain(/"(?:node:)?([^"]+)"/.exec(call)?.[1]);
  });

  it('is a few kilobytes', async () => {
    expect((await buildTransformZip(ROOT)).length).toBeLessThan(10_000);
  });

  it('has the same bytes when it is built twice, in another folder with a tsconfig.json nearby and another time zone', async () => {
    const elsewhere = await folder();
    for (const name of ['transform', 'extension', 'src']) {
      await cp(join(ROOT, name), join(elsewhere, name), { recursive: true });
    }
    await mkdir(join(elsewhere, 'assets'));
    await symlink(join(ROOT, 'node_modules'), join(elsewhere, 'node_modules'));
    await writeFile(join(elsewhere, 'tsconfig.json'), '{"compilerOptions":{"target":"ES5","importHelpers":true}}');
    const { TZ } = process.env;
    onTestFinished(() => {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    });
    const first = await buildTransformZip(ROOT);
    process.env.TZ = 'Pacific/Kiritimati';
    expect(Buffer.compare(first, await buildTransformZip(ROOT))).toBe(0);
    expect(Buffer.compare(first, await buildTransformZip(elsewhere))).toBe(0);
  });
});

describe('the built zip', () => {
  /** As Lambda does: the file's `handler` in a process of its own, event in, answer out as JSON. */
  async function invoke(records: object[], settings?: object) {
    const code = await folder();
    await unzip(await readFile(transformZipPath(newStack())), code);
    const runner = `require('./index.js').handler(JSON.parse(require('fs').readFileSync(0, 'utf8')))
      .then((answer) => process.stdout.write(JSON.stringify(answer)))`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', runner], {
      cwd: code,
      input: JSON.stringify({ invocationId: 'i', deliveryStreamArn: 'arn', region: 'eu-west-1', records }),
      env: settings === undefined ? {} : { TELEMETRY_TRANSFORM: JSON.stringify(settings) },
      encoding: 'utf8',
      maxBuffer: 16 * 1_024 * 1_024,
    });
    return { status, stderr, records: status === 0 ? (JSON.parse(stdout) as FirehoseResponse).records : [] };
  }

  const log = event(2, { message: undefined, record: { level: 'WARN', n: 1 } });
  const data = ndjson([event(1, { type: 'platform.start' }), log]);

  it("answers Firehose's event: splits, filters, flattens, adds tags, and says nothing", async () => {
    const records = [firehoseRecord(data, 'text'), firehoseRecord(gzipSync(data), 'gzip')];
    const { records: answers, stderr } = await invoke(records, { excludeTypes: ['platform'], tags: { env: 'test' } });
    expect(stderr).toBe('');
    expect(answers.map(({ recordId, result }) => [recordId, result])).toEqual([
      ['text', 'Ok'],
      ['gzip', 'Ok'],
    ]);
    for (const answer of answers) {
      const lines = dataOf(answer).toString().trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        expect.objectContaining({ type: 'transform.filtered', seq: 1, through_seq: 1 }),
        { ...log, tags: { env: 'test' }, level: 'WARN', attributes: { level: 'WARN', n: '1' } },
      ]);
    }
  });

  it('logs one line of JSON where something is unusual', async () => {
    const { stderr } = await invoke([firehoseRecord('words\n', 'a'), { recordId: 'b', data: '?' }]);
    expect(JSON.parse(stderr)).toMatchObject({
      records: 2,
      foreign: 1,
      failed: 1,
      reasons: ['the data is not base64'],
    });
  });

  it('does not start with settings it does not understand, so that Firehose keeps the records as failed', async () => {
    const { status, stderr } = await invoke([firehoseRecord(data)], { tags: ['a'] });
    expect(status).not.toBe(0);
    expect(stderr).toContain('TELEMETRY_TRANSFORM.tags is not an object of strings');
  });
});
