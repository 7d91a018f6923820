import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ArchiveFormat, RecordFormat } from '../../../src';
import { destinationOf, newArchive, onlyOf, rightsOf } from '../archive-fixture';
import { errorOf, logicalId } from '../fixture';

describe('by default', () => {
  const made = newArchive();
  const { template, archive, stream } = made;
  const bucketArn = { 'Fn::GetAtt': [logicalId(archive.bucket), 'Arn'] };
  const objects = (prefix: string) => ({ 'Fn::Join': ['', [bucketArn, `/${prefix}*`]] });

  test('carries gzipped lines into folders by date and hour', () => {
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamType: 'KinesisStreamAsSource',
      DeliveryStreamName: Match.absent(),
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: { 'Fn::GetAtt': [logicalId(stream), 'Arn'] },
        RoleARN: Match.anyValue(),
      },
      ExtendedS3DestinationConfiguration: {
        BucketARN: bucketArn,
        Prefix: 'events/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/',
        FileExtension: '.jsonl.gz',
        CompressionFormat: 'GZIP',
        BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
        EncryptionConfiguration: Match.absent(),
        DataFormatConversionConfiguration: Match.absent(),
        CloudWatchLoggingOptions: { Enabled: true },
      },
    });
  });

  test('creates the delivery after its rights', () => {
    const [policy] = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
    template.hasResource('AWS::KinesisFirehose::DeliveryStream', { DependsOn: Match.arrayWith([policy]) });
  });

  test('gives Firehose the rights it needs, wildcards below the two prefixes alone', () => {
    const streamArn = { 'Fn::GetAtt': [logicalId(stream), 'Arn'] };
    expect(rightsOf(made)).toEqual([
      [
        [
          'kinesis:DescribeStream',
          'kinesis:DescribeStreamSummary',
          'kinesis:GetRecords',
          'kinesis:GetShardIterator',
          'kinesis:ListShards',
        ],
        streamArn,
        undefined,
      ],
      [['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], bucketArn, undefined],
      [
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        [objects('events/'), objects('errors/')],
        undefined,
      ],
      [['logs:PutLogEvents'], expect.anything(), undefined],
    ]);
  });

  test('names the log stream by its ARN', () => {
    const [, resource] = rightsOf(made).at(-1) as [string[], { 'Fn::Join': [string, unknown[]] }, undefined];
    const [group] = Object.keys(template.findResources('AWS::Logs::LogGroup'));
    const [stream] = Object.keys(template.findResources('AWS::Logs::LogStream'));
    expect(resource['Fn::Join'][1].slice(-4)).toEqual([':log-group:', { Ref: group }, ':log-stream:', { Ref: stream }]);
  });

  test('lets Firehose alone take the role, and for this account alone', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'firehose.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });
});

describe('formats', () => {
  const parquet = newArchive({ format: ArchiveFormat.PARQUET });

  test('Parquet is converted by the table, in a folder of its own, without compression by Firehose', () => {
    expect(destinationOf(parquet)).toMatchObject({
      Prefix: 'events-parquet/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
      FileExtension: '.parquet',
      CompressionFormat: 'UNCOMPRESSED',
      DataFormatConversionConfiguration: {
        Enabled: true,
        InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: { CaseInsensitive: false } } },
        OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
        SchemaConfiguration: { TableName: 'events', VersionId: 'LATEST' },
      },
    });
    expect(onlyOf(parquet, 'AWS::Glue::Table').TableInput).toMatchObject({
      Parameters: { classification: 'parquet' },
      StorageDescriptor: {
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    });
  });

  test('Parquet adds the right to read the table, and to nothing beside it', () => {
    const [, resources] = rightsOf(parquet).find(([actions]) => actions.includes('glue:GetTable')) ?? [];
    expect(JSON.stringify(resources)).not.toContain('*');
    expect(resources).toHaveLength(3);
  });

  test('records that are gzip already are not compressed again', () => {
    expect(destinationOf(newArchive({ recordFormat: RecordFormat.NDJSON_GZIP }))).toMatchObject({
      CompressionFormat: 'UNCOMPRESSED',
      FileExtension: '.jsonl.gz',
    });
  });

  test('fails for Parquet of compressed records', () => {
    const error = errorOf(() => newArchive({ format: ArchiveFormat.PARQUET, recordFormat: RecordFormat.NDJSON_GZIP }));
    expect(error.code).toBe('KTE_ARCHIVE_FORMAT');
  });
});
