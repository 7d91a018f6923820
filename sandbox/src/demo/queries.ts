import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARCHIVE_QUERIES } from '../../../src/private/archive/archive-queries';
import { ArchiveDatabase, type Row } from '../archive/archive-database';
import { type ArrivedRecord, writeArchive } from '../archive/archive-writer';

const MAX_ROWS = 8;
const MAX_CELL_CHARACTERS = 40;

/**
 * The records of the stream in the layout of `TelemetryArchive`, and the answers to the queries it ships: the same
 * SQL that Athena runs, by DuckDB.
 */
export async function printAnswers(records: readonly ArrivedRecord[], say: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-archive-'));
  try {
    const keys = await writeArchive(folder, records);
    say(`\nArchive: ${records.length} records in ${keys.length} objects, such as ${keys[0]}`);
    const database = await ArchiveDatabase.open(folder);
    for (const { name, description, sql } of ARCHIVE_QUERIES) {
      say(`\n${name}: ${description}`);
      for (const line of table(await database.query(sql))) say(`  ${line}`);
    }
    database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Rows as aligned columns. */
export function table(rows: readonly Row[]): string[] {
  const [first] = rows;
  if (!first) return ['(none)'];
  const shown = rows.slice(0, MAX_ROWS);
  const columns = Object.keys(first).map((name) => [name, ...shown.map((row) => cell(row[name]))]);
  const widths = columns.map((cells) => Math.max(...cells.map(({ length }) => length)));
  const lines = [...shown.keys(), shown.length].map((index) =>
    columns
      .map((cells, column) => cells[index]?.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return rows.length > MAX_ROWS ? [...lines, `... ${rows.length - MAX_ROWS} more`] : lines;
}

function cell(value: unknown): string {
  const number = typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  const text = value === null ? '-' : String(number).replaceAll(/\s+/g, ' ');
  return text.length > MAX_CELL_CHARACTERS ? `${text.slice(0, MAX_CELL_CHARACTERS - 1)}…` : text;
}
