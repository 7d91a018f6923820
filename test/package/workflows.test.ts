import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './compiled-library';

const folder = join(ROOT, '.github', 'workflows');
const workflows = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
const text = (name: string) => workflows.find(([file]) => file === name)?.[1] ?? '';

describe('the workflows', () => {
  it.each(workflows)('%s uses actions by their commit: a tag can be moved', (_, workflow) => {
    const used = [...workflow.matchAll(/uses: *(\S+)/g)].map(([, action]) => action as string);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^[\w./-]+@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  it('run everything a release depends on with Node.js 22 and 24', () => {
    expect(text('ci.yml')).toMatch(/node:\n +- "22"\n +- "24"\n/);
    expect(text('ci.yml')).toContain('run: bash .ci/run');
  });

  it('publish to npm and PyPI by identity and with provenance: no token is stored', () => {
    const release = text('release.yml');
    expect(release).toContain('NPM_TRUSTED_PUBLISHER: "true"');
    expect(release).toContain('NPM_CONFIG_PROVENANCE: "true"');
    expect(release).toContain('PYPI_TRUSTED_PUBLISHER: "true"');
    expect(release).not.toMatch(/secrets\.(NPM|TWINE|PYPI)/);
  });

  it('look at the packed package before a release is published', () => {
    const release = text('release.yml');
    expect(release.indexOf('npx projen test:package')).toBeGreaterThan(release.indexOf('npx projen release'));
    expect(release.indexOf('npx projen test:package')).toBeLessThan(release.indexOf('upload-artifact'));
  });

  it('give no job more rights than it names, and no workflow all of them', () => {
    for (const [file, workflow] of workflows) {
      expect([file, /permissions: *(write-all|read-all)/.test(workflow)]).toEqual([file, false]);
      const jobs = workflow.slice(workflow.indexOf('\njobs:')).match(/^ {2}[\w-]+:$/gm) ?? [];
      expect([file, workflow.match(/^ {4}permissions:/gm)?.length]).toEqual([file, jobs.length]);
    }
  });
});
