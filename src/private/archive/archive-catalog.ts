import { Names, Stack } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ArchiveFormat } from '../../archive-format';
import { ARCHIVE_COLUMNS, ARCHIVE_PARTITIONS } from './archive-columns';
import type { ArchiveLayout } from './archive-layout';

export interface ArchiveCatalog {
  readonly databaseName: string;
  readonly tableName: string;
  readonly table: glue.CfnTable;
  /** Catalog, database and table. */
  readonly arns: string[];
}

/** The queries name it: contract. The database has a name of its own. */
const TABLE_NAME = 'events';

/** The table over the archive. Its partitions follow from the dates: no crawler, no repairs. */
export function createCatalog(
  scope: Construct,
  props: {
    readonly bucket: s3.IBucket;
    readonly layout: ArchiveLayout;
    readonly format: ArchiveFormat;
    readonly days: number;
  },
): ArchiveCatalog {
  const { account: catalogId } = Stack.of(scope);
  // Glue takes lower-case names alone, and gives none itself
  const databaseName = Names.uniqueResourceName(scope, { maxLength: 128, separator: '_' }).toLowerCase();
  const database = new glue.CfnDatabase(scope, 'Database', {
    catalogId,
    databaseInput: { name: databaseName, description: 'Telemetry of Lambda functions' },
  });
  const location = props.bucket.s3UrlForObject(props.layout.events);
  const table = new glue.CfnTable(scope, 'Table', {
    catalogId,
    databaseName,
    tableInput: {
      name: TABLE_NAME,
      description: 'Lambda telemetry by arrival (UTC): logs, platform events, ledgers of the extension',
      tableType: 'EXTERNAL_TABLE',
      parameters: { ...projection(location, props.days), ...CLASSIFICATION[props.format] },
      partitionKeys: [...ARCHIVE_PARTITIONS],
      storageDescriptor: { columns: [...ARCHIVE_COLUMNS], location, ...STORAGE[props.format] },
    },
  });
  table.node.addDependency(database);
  return { databaseName, tableName: TABLE_NAME, table, arns: catalogArns(scope, databaseName) };
}

/** @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
function projection(location: string, days: number): Record<string, string> {
  return {
    EXTERNAL: 'TRUE',
    'projection.enabled': 'true',
    'projection.dt.type': 'date',
    'projection.dt.format': 'yyyy-MM-dd',
    'projection.dt.range': `NOW-${days}DAYS,NOW+1DAYS`,
    'projection.dt.interval': '1',
    'projection.dt.interval.unit': 'DAYS',
    'projection.hour.type': 'integer',
    'projection.hour.range': '00,23',
    'projection.hour.digits': '2',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own syntax
    'storage.location.template': `${location}${'dt=${dt}/hour=${hour}/'}`,
  };
}

const CLASSIFICATION: Record<ArchiveFormat, Record<string, string>> = {
  [ArchiveFormat.JSON_GZIP]: { classification: 'json', compressionType: 'gzip' },
  [ArchiveFormat.PARQUET]: { classification: 'parquet', 'parquet.compression': 'SNAPPY' },
};

const STORAGE: Record<ArchiveFormat, Omit<glue.CfnTable.StorageDescriptorProperty, 'columns' | 'location'>> = {
  [ArchiveFormat.JSON_GZIP]: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serdeInfo: {
      serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
      // Its default lower-cases keys, which turns the platform's `durationMs` inside `record` into `durationms`.
      parameters: { 'case.insensitive': 'false', 'ignore.malformed.json': 'true' },
    },
    compressed: true,
  },
  [ArchiveFormat.PARQUET]: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  },
};

function catalogArns(scope: Construct, databaseName: string): string[] {
  const stack = Stack.of(scope);
  const arn = (resource: string, resourceName?: string) => stack.formatArn({ service: 'glue', resource, resourceName });
  return [arn('catalog'), arn('database', databaseName), arn('table', `${databaseName}/${TABLE_NAME}`)];
}
