import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WARNING } from '../../src/private/warnings';

const root = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The cells of each row of the tables below a heading; heads and rules left out. */
function rows(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const firstCells = (path: string, pattern: RegExp) =>
  rows(read(path)).flatMap(([cell = '']) => pattern.exec(cell)?.[1] ?? []);

describe('docs/errors.md', () => {
  test('lists every code of the code once, in order', () => {
    const codes = read('src/private/errors.ts').match(/KTE_[A-Z_]+/g) ?? [];
    expect(firstCells('docs/errors.md', /^`(KTE_[A-Z_]+)`$/)).toEqual([...new Set(codes)].sort());
  });

  test('says of each code what is wrong and what to do', () => {
    for (const [, wrong, instead] of rows(read('docs/errors.md'))) {
      for (const cell of [wrong, instead]) expect(cell).toMatch(/[a-z]{2}/);
    }
  });
});

describe('docs/warnings.md', () => {
  test('lists every id of the code once, in order', () => {
    const ids = Object.values(WARNING).map((id) => id.replace('cdk-kinesis-telemetry-extension:', ''));
    expect(firstCells('docs/warnings.md', /^`([a-z-]+)`$/)).toEqual(ids.sort());
  });

  test('says of each id where it is, when, and what to do', () => {
    for (const [, on, when, instead] of rows(read('docs/warnings.md'))) {
      for (const cell of [on, when, instead]) expect(cell).toMatch(/[a-z]{2}/);
    }
  });
});

describe('docs/behaviours.md', () => {
  const [, behaviours = '', complaints = ''] = read('docs/behaviours.md').split(/^## /m);
  const isNumbered = ([cell = '']: string[]) => /^\d+$/.test(cell);
  const cases = [...rows(behaviours), ...rows(complaints)].filter(isNumbered);

  test('has a row for each behaviour of aws-cdk-lib and each complaint', () => {
    const numbers = (markdown: string) =>
      rows(markdown)
        .filter(isNumbered)
        .map(([number]) => Number(number));
    expect(numbers(behaviours)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(numbers(complaints)).toEqual(Array.from({ length: 27 }, (_, i) => i + 1));
  });

  test.each(cases)('row %s, %s: names tests that exist, or says why there is none', (_, __, shown = '') => {
    const named = [...shown.matchAll(/`([\w./-]+\.test\.ts)` "([^"]+)"/g)];
    if (named.length === 0) expect(shown).toMatch(/^No test: .{20,}/);
    for (const [, file = '', name = ''] of named) {
      const path = join('test', file);
      expect(existsSync(join(root, path)), `${path} exists`).toBe(true);
      const quoted = [`'${name}'`, `"${name}"`, `'${name.replaceAll("'", "\\'")}'`];
      expect(
        quoted.some((text) => read(path).includes(text)),
        `${path} has the test "${name}"`,
      ).toBe(true);
    }
  });
});

describe('links', () => {
  const pages = ['errors', 'warnings', 'attaching', 'behaviours', 'channels'].map((name) => `docs/${name}.md`);
  const guides = [
    'container-image',
    'typescript/container-image',
    'typescript/cross-account',
    'typescript/vpc-endpoint',
  ];

  test.each([...pages, ...guides.map((name) => `examples/${name}/README.md`)])('of %s lead to files', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) =>
      join(root, page, '..', link),
    );
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
