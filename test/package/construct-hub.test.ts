import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTgz } from '../bindings/tar-reader';
import { compileWhenMissing, ROOT } from './compiled-library';

const require = createRequire(__filename);

describe('the package on Construct Hub', () => {
  let folder = '';
  let files = new Map<string, Buffer>();
  const text = (name: string) => files.get(`package/${name}`)?.toString() ?? '';

  beforeAll(async () => {
    await compileWhenMissing();
    folder = await mkdtemp(join(tmpdir(), 'construct-hub-'));
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const output = execFileSync('npm', args, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32', // npm is npm.cmd there
    });
    const [packed] = JSON.parse(output) as [{ filename: string }];
    files = readTgz(await readFile(join(folder, packed.filename)));
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has the keywords by which it is found and classified', () => {
    const { keywords } = JSON.parse(text('package.json')) as { keywords: string[] };
    expect(keywords).toEqual(expect.arrayContaining(['aws-cdk', 'awscdk', 'cdk', 'lambda', 'kinesis']));
  });

  it('has a licence that the Hub accepts, and its text', () => {
    expect(JSON.parse(text('package.json'))).toMatchObject({ license: 'Apache-2.0' });
    expect(text('LICENSE')).toContain('Apache License');
  });

  it('has an assembly with the README and a target for each language', () => {
    expect(JSON.parse(text('.jsii'))).toMatchObject({ schema: 'jsii/file-redirect', filename: '.jsii.gz' });
    const assembly = JSON.parse(gunzipSync(files.get('package/.jsii.gz') as Buffer).toString());
    expect(assembly.readme.markdown).toBe(text('README.md'));
    expect(Object.keys(assembly.targets)).toEqual(expect.arrayContaining(['js', 'python', 'java', 'go']));
    expect(assembly.targets.dotnet).toBeUndefined();
  });

  it('has an author who is an organization by the type the Hub wants', () => {
    const { author } = JSON.parse(text('package.json')) as { author: { organization: unknown } };
    expect(author.organization).toBe(true);
  });

  it('has no relative link in its README: the Hub, npm and PyPI show it elsewhere', () => {
    const readme = text('README.md').replace(/^```[\s\S]*?^```/gm, '');
    const targets = [
      ...readme.matchAll(/\]\(\s*([^)\s]+)/g),
      ...readme.matchAll(/(?:src|href)="([^"]+)"/g),
      ...readme.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm),
    ].map(([, target]) => target as string);
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((target) => !/^(https:\/\/|#)/.test(target))).toEqual([]);
  });

  it('has API docs that jsii-docgen renders for every language', async () => {
    const languages = ['typescript', 'python', 'java', 'go'];
    const args = ['--output', join(folder, 'API'), ...languages.flatMap((language) => ['--language', language])];
    execFileSync(process.execPath, [require.resolve('jsii-docgen/bin/jsii-docgen'), ...args], {
      cwd: ROOT,
      stdio: 'pipe',
      env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
    });
    for (const language of languages) {
      const docs = await readFile(join(folder, `API.${language}.md`), 'utf8');
      expect(docs).toContain('KinesisTelemetryExtension');
      expect(docs.length).toBeGreaterThan(20_000);
    }
  }, 600_000);
});
