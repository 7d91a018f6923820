import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layerZipPath } from '../../../src/private/asset-path';
import { errorOf, newStack } from '../fixture';

test('finds the zip in assets/ of the package', () => {
  const path = layerZipPath(newStack());
  expect(path).toBe(join(__dirname, '../../../assets/kinesis-telemetry-extension.zip'));
  expect(existsSync(path)).toBe(true);
});

test('fails with the command that builds the zip when it is absent', () => {
  const error = errorOf(() => layerZipPath(newStack(), '/nowhere/layer.zip'));
  expect(error.code).toBe('KTE_ASSET_MISSING');
  expect(error.message).toContain('no file at /nowhere/layer.zip');
  expect(error.message).toContain('npx tsx extension/build/main.ts');
});
