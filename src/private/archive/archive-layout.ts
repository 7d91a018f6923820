import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ArchiveFormat } from '../../archive-format';
import { RecordFormat } from '../../record-format';
import { telemetryError } from '../errors';
import { optionError } from '../validation';

/** Where objects lie in the bucket, and what they are called. All of it is contract: queries and users rely on it. */
export interface ArchiveLayout {
  /** Below it `dt=yyyy-MM-dd/hour=HH/`. One for each format: a table reads a single one. */
  readonly events: string;
  readonly errors: string;
  readonly queryResults: string;
  readonly fileExtension: string;
  /** Whether Firehose compresses. */
  readonly compression: 'GZIP' | 'UNCOMPRESSED';
}

/** The keys Firehose gives: by its own clock at arrival, UTC. */
export const PARTITION_PREFIX = 'dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/';

export function archiveLayout(
  scope: IConstruct,
  format: ArchiveFormat,
  recordFormat: RecordFormat,
  prefix = '',
): ArchiveLayout {
  checkPrefix(scope, prefix);
  const common = { errors: `${prefix}errors/`, queryResults: `${prefix}athena/` };
  if (format === ArchiveFormat.PARQUET) {
    if (recordFormat === RecordFormat.NDJSON_GZIP) {
      throw telemetryError(scope, {
        code: 'KTE_ARCHIVE_FORMAT',
        wrong: 'Firehose cannot convert compressed records to Parquet',
        found: 'recordFormat NDJSON_GZIP with format PARQUET',
        allowed: 'RecordFormat.NDJSON or JSON with ArchiveFormat.PARQUET; any with JSON_GZIP',
        instead: 'let the functions write NDJSON, or archive as JSON_GZIP',
      });
    }
    return { ...common, events: `${prefix}events-parquet/`, fileExtension: '.parquet', compression: 'UNCOMPRESSED' };
  }
  // gzip members side by side are a valid .gz: compressed twice they would be readable for nobody
  const compression = recordFormat === RecordFormat.NDJSON_GZIP ? 'UNCOMPRESSED' : 'GZIP';
  return { ...common, events: `${prefix}events/`, fileExtension: '.jsonl.gz', compression };
}

function checkPrefix(scope: IConstruct, prefix: string): void {
  if (prefix === '' || Token.isUnresolved(prefix)) return;
  if (/^[a-zA-Z0-9][a-zA-Z0-9._=/-]*\/$/.test(prefix) && !prefix.includes('//')) return;
  throw optionError(scope, 'prefix', prefix, 'letters, digits and . _ = - in segments that each end with a slash');
}
