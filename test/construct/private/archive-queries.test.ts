import { describe, expect, test } from 'vitest';
import { ARCHIVE_COLUMNS } from '../../../src/private/archive/archive-columns';
import { ARCHIVE_QUERIES } from '../../../src/private/archive/archive-queries';

describe('the queries', () => {
  test.each(ARCHIVE_QUERIES.map((query) => [query.name, query] as const))(
    '%s reads a bounded number of days',
    (_, { sql }) => {
      const tables = sql.match(/FROM events\b/g) ?? [];
      const bounds = sql.match(/dt >= date_format\(current_date - interval '\d+' day/g) ?? [];
      expect(tables.length).toBeGreaterThan(0);
      expect(bounds).toHaveLength(tables.length);
    },
  );

  test('fit the limits of Athena', () => {
    for (const { name, description, sql } of ARCHIVE_QUERIES) {
      expect(name).toMatch(/^[a-z-]{1,128}$/);
      expect(description.length).toBeLessThanOrEqual(1_024);
      expect(Buffer.byteLength(sql)).toBeLessThan(262_144);
    }
  });
});

describe('the columns', () => {
  test('have a type each and are lower-case, as Glue wants them', () => {
    const names = ARCHIVE_COLUMNS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z_]+$/);
  });
});
