import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ARCHIVE_COLUMNS } from '../../../src/private/archive/archive-columns';

export type Row = Record<string, unknown>;

/**
 * A folder with an archive, opened for the SQL of Athena: DuckDB with the columns of the Glue table and a few macros.
 */
export class ArchiveDatabase {
  /** @throws when the package @duckdb/node-api is not installed, or the folder holds no objects */
  public static async open(folder: string): Promise<ArchiveDatabase> {
    const { DuckDBInstance } = await import('@duckdb/node-api'); // on demand: 60 MB that only SQL needs
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(readFileSync(join(__dirname, 'athena-macros.sql'), 'utf8'));
    await connection.run(eventsView(folder));
    return new ArchiveDatabase(instance, connection);
  }

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {}

  /** Numbers come back as numbers, 64-bit integers included: the tests' are small. */
  public async query(sql: string): Promise<Row[]> {
    const reader = await this.connection.runAndReadAll(sql);
    return reader.getRowObjectsJS().map((row) => Object.fromEntries(Object.entries(row).map(plain)));
  }

  public close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}

function plain([name, value]: [string, unknown]): [string, unknown] {
  if (typeof value === 'bigint') return [name, Number(value)];
  return [name, value instanceof Date ? value.toISOString() : value];
}

/** The table as the SerDe sees it: `record` as text, a malformed line as a row of nulls. */
function eventsView(folder: string): string {
  const columns = ARCHIVE_COLUMNS.map(
    ({ name, type }) => `${name}: '${name === 'record' ? 'JSON' : duckdbType(type)}'`,
  );
  return `CREATE VIEW events AS
    SELECT * REPLACE (CAST(record AS VARCHAR) AS record)
    FROM read_json('${folder.replaceAll("'", "''")}/**/*.jsonl.gz', format = 'newline_delimited',
      columns = {${columns.join(', ')}}, ignore_errors = true, maximum_object_size = 33554432,
      hive_partitioning = true, hive_types = {'dt': VARCHAR, 'hour': VARCHAR})`;
}

function duckdbType(glueType = ''): string {
  return glueType.replace(/map<(.*)>/, 'MAP($1)').replaceAll('string', 'VARCHAR');
}
