/**
 * How events are laid out in the data of a Kinesis record. Every line is one JSON object and ends with a newline.
 */
export enum RecordFormat {
  /** One or more lines a record, up to 25,000 bytes or 500 lines: the cheapest, as Kinesis and Firehose bill by record. */
  NDJSON = 'ndjson',

  /** One event a record, for consumers that cannot split lines. */
  JSON = 'json',

  /** The lines of `NDJSON`, gzipped. Concatenated records are a valid .gz file. */
  NDJSON_GZIP = 'ndjson-gzip',
}
