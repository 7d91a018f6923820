/**
 * How events lie in the bucket of a `TelemetryArchive`.
 */
export enum ArchiveFormat {
  /** The lines of the stream as they are, gzipped: keeps every key, needs no schema to be written, costs no add-on. */
  JSON_GZIP = 'json-gzip',

  /**
   * Columns, converted by Firehose: cheaper to query, dearer to write. Keeps the columns of the table alone, and
   * wants Kinesis records that are not compressed (`RecordFormat.NDJSON` or `JSON`).
   */
  PARQUET = 'parquet',
}
