import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundled, bundledPackages, notice, sbom } from '../../projenrc/write-sbom';
import { ROOT } from './compiled-library';

const LIBRARY = { name: 'cdk-kinesis-telemetry-extension', version: '1.2.3' };
const ZIPS = { layer: Buffer.from('layer'), transform: Buffer.from('transform') };

describe('the records of a release', () => {
  let bundled: Bundled[] = [];
  beforeAll(async () => {
    bundled = await bundledPackages();
  }, 60_000);

  it('list the packages in the layer: of the SDK and of smithy, and nothing that is not bundled', () => {
    const names = bundled.map(({ name }) => name);
    expect(names).toContain('@aws-sdk/client-kinesis');
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !/^(@aws-sdk\/|@smithy\/|@aws\/|tslib$)/.test(name))).toEqual([]);
  });

  it('have only licences that may be redistributed with ours', () => {
    const others = bundled.filter(({ licence }) => !['Apache-2.0', 'MIT', '0BSD'].includes(licence));
    expect(others).toEqual([]);
  });

  it('are the same each time', async () => {
    expect(sbom(LIBRARY, await bundledPackages(), ZIPS)).toBe(sbom(LIBRARY, bundled, ZIPS));
  });

  it('are a CycloneDX document with a package URL for each component', () => {
    const document = JSON.parse(sbom(LIBRARY, bundled, ZIPS));
    expect(document).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(document.components).toHaveLength(bundled.length);
    for (const { purl, name, version } of document.components) {
      expect(decodeURIComponent(purl)).toBe(`pkg:npm/${name}@${version}`);
    }
    const { hashes, components } = document.metadata.component;
    const sha256 = (zip: Buffer) => [{ alg: 'SHA-256', content: createHash('sha256').update(zip).digest('hex') }];
    expect(hashes).toEqual(sha256(ZIPS.layer));
    expect(components).toEqual([
      { type: 'file', name: 'assets/telemetry-transform.zip', hashes: sha256(ZIPS.transform) },
    ]);
  });

  it('stand in NOTICE, which is shipped; npx projen sbom writes it', () => {
    expect(readFileSync(join(ROOT, 'NOTICE'), 'utf8')).toBe(notice(LIBRARY, bundled));
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
    expect(files).toContain('NOTICE');
  });
});
