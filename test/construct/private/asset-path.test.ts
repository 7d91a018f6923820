import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layerZipPath, transformZipPath } from '../../../src/private/asset-path';
import { errorOf, newStack } from '../fixture';

test('finds the zip in assets/ of the package', () => {
  const paths = [layerZipPath(newStack()), transformZipPath(newStack())];
  const names = ['kinesis-telemetry-extension.zip', 'telemetry-transform.zip'];
  expect(paths).toEqual(names.map((name) => join(__dirname, '../../../assets', name)));
  for (const path of paths) expect(existsSync(path)).toBe(true);
});

test('fails with the command that builds the zip when it is absent', () => {
  const error = errorOf(() => layerZipPath(newStack(), '/nowhere'));
  expect(error.code).toBe('KTE_ASSET_MISSING');
  expect(error.message).toContain(`no file at ${join('/nowhere', 'kinesis-telemetry-extension.zip')}`);
  expect(error.message).toContain('npx tsx extension/build/main.ts');
});
