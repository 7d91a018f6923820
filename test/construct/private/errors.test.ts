import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { telemetryError } from '../../../src/private/errors';
import { newStack } from '../fixture';

const facts = { code: 'KTE_STREAM', wrong: 'w', found: 'f', allowed: 'a', instead: 'i' } as const;

test('states code, path, what was found, what is allowed and what to do instead', () => {
  expect(telemetryError(newStack(), facts).message).toBe(
    'KTE_STREAM: w\n  at:      Stack\n  found:   f\n  allowed: a\n  instead: i',
  );
});

test('names the root of the tree, whose path is empty', () => {
  expect(telemetryError(new App(), facts).message).toContain('at:      (root)');
});

test('every code of the list is used, and has a test', () => {
  const read = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith(join('private', 'errors.ts')))
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
  const root = join(__dirname, '../../..');
  const listed = readFileSync(join(root, 'src/private/errors.ts'), 'utf8').match(/KTE_[A-Z_]+/g) ?? [];
  const [source, tests] = [read(join(root, 'src')), read(join(root, 'test/construct'))];
  expect(listed.length).toBeGreaterThan(10);
  expect(listed.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
  expect(listed.filter((code) => !tests.includes(`'${code}'`))).toEqual([]);
});
