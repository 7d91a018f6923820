import * as cdk from 'aws-cdk-lib';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { ArchiveFormat, RecordFormat, TelemetryArchive, type TelemetryArchiveProps } from '../../src';
import { ARCHIVE_COLUMNS } from '../../src/private/archive/archive-columns';
import { ARCHIVE_QUERIES } from '../../src/private/archive/archive-queries';
import { errorOf, HERE, logicalId, newStack, templateOf } from './fixture';

type Given = Partial<TelemetryArchiveProps>;

function newArchive(props: Given = {}, stack = newStack()) {
  const stream = props.stream ?? new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.MANAGED });
  const archive = new TelemetryArchive(stack, 'Archive', { stream, ...props });
  return { stack, stream, archive, template: templateOf(stack) };
}

// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
function propertiesOf({ template }: { template: ReturnType<typeof templateOf> }, type: string): any[] {
  return Object.values(template.findResources(type)).map(({ Properties }) => Properties);
}

function destinationOf(given: Given) {
  return propertiesOf(newArchive(given), 'AWS::KinesisFirehose::DeliveryStream')[0].ExtendedS3DestinationConfiguration;
}

function tableOf(given: Given) {
  return propertiesOf(newArchive(given), 'AWS::Glue::Table')[0].TableInput;
}

/** `Action` and `Resource` of the statements of the delivery's policy. */
function rightsOf(made: ReturnType<typeof newArchive>): [string[], unknown][] {
  const [policy] = propertiesOf(made, 'AWS::IAM::ManagedPolicy');
  // biome-ignore lint/suspicious/noExplicitAny: templates are untyped
  return policy.PolicyDocument.Statement.map(({ Action, Resource }: any) => [[Action].flat(), Resource]);
}

describe('defaults', () => {
  const made = newArchive();
  const { template, archive, stream } = made;
  const bucketArn = { 'Fn::GetAtt': [logicalId(archive.bucket), 'Arn'] };
  const objects = (prefix: string) => ({ 'Fn::Join': ['', [bucketArn, `/${prefix}*`]] });

  test('makes what an archive needs, and no custom resource', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map((r) => r.Type);
    expect([...new Set(types)].sort()).toEqual([
      'AWS::Athena::NamedQuery',
      'AWS::Athena::WorkGroup',
      'AWS::Glue::Database',
      'AWS::Glue::Table',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Role',
      'AWS::Kinesis::Stream',
      'AWS::KinesisFirehose::DeliveryStream',
      'AWS::Logs::LogGroup',
      'AWS::Logs::LogStream',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ]);
  });

  test('keeps the logical ids of what has data from release to release', () => {
    const ids = Object.keys(template.toJSON().Resources);
    for (const id of ['ArchiveBucket49F1AC64', 'ArchiveDatabase1F885325', 'ArchiveTable38D6931A'])
      expect(ids).toContain(id);
    expect(ids.filter((id) => id.startsWith('ArchiveDelivery')).sort()).toMatchInlineSnapshot(`
      [
        "ArchiveDeliveryBC745BBE",
        "ArchiveDeliveryLog6091E70D",
        "ArchiveDeliveryLogStream9DE2C645",
        "ArchiveDeliveryPolicyC9B95537",
        "ArchiveDeliveryRoleC77E30EA",
      ]
    `);
  });

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
      ],
      [['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], bucketArn],
      [
        ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
        [objects('events/'), objects('errors/')],
      ],
      [['logs:PutLogEvents'], expect.anything()],
    ]);
  });

  test('names the log stream by its ARN', () => {
    const [, resource] = rightsOf(made).at(-1) as [string[], { 'Fn::Join': [string, unknown[]] }];
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

  test('makes a private bucket that expires events and query results and stays when the stack goes', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketName: Match.absent(),
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            Match.objectLike({ Prefix: 'events/', ExpirationInDays: 90 }),
            Match.objectLike({ Prefix: 'athena/', ExpirationInDays: 7 }),
            Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
          ]),
        },
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('describes the events to Athena, partitions included', () => {
    template.hasResourceProperties('AWS::Glue::Table', {
      TableInput: {
        Name: 'events',
        PartitionKeys: [
          { Name: 'dt', Type: 'string' },
          { Name: 'hour', Type: 'string' },
        ],
        Parameters: Match.objectLike({
          'projection.enabled': 'true',
          'projection.dt.range': 'NOW-90DAYS,NOW+1DAYS',
          'projection.hour.digits': '2',
          'storage.location.template': {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own syntax
            'Fn::Join': ['', ['s3://', { Ref: logicalId(archive.bucket) }, '/events/dt=${dt}/hour=${hour}/']],
          },
        }),
        StorageDescriptor: {
          SerdeInfo: {
            SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
            Parameters: { 'case.insensitive': 'false' },
          },
        },
      },
    });
  });

  test('names the database in lower case, as Glue wants it', () => {
    expect(archive.databaseName).toMatch(/^[a-z0-9_]+$/);
    expect(archive.tableName).toBe('events');
  });

  test('makes a workgroup whose settings hold: encrypted results, a limit to what a query may read', () => {
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 10 * 1_024 ** 3,
        ResultConfiguration: {
          EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
          ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
          OutputLocation: { 'Fn::Join': ['', ['s3://', { Ref: logicalId(archive.bucket) }, '/athena/']] },
        },
      },
    });
  });

  test('holds every query, in its database and workgroup', () => {
    const queries = propertiesOf(made, 'AWS::Athena::NamedQuery');
    expect(queries.map(({ Name }) => Name)).toEqual(ARCHIVE_QUERIES.map(({ name }) => name));
    for (const query of queries) {
      expect(query).toMatchObject({ Database: archive.databaseName, WorkGroup: { Ref: expect.any(String) } });
    }
  });
});

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

describe('formats', () => {
  test('Parquet is converted by the table, in a folder of its own, without compression by Firehose', () => {
    expect(destinationOf({ format: ArchiveFormat.PARQUET })).toMatchObject({
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
    expect(tableOf({ format: ArchiveFormat.PARQUET })).toMatchObject({
      Parameters: { classification: 'parquet' },
      StorageDescriptor: {
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
      },
    });
  });

  test('Parquet adds the right to read the table, and to nothing beside it', () => {
    const made = newArchive({ format: ArchiveFormat.PARQUET });
    const [, resources] = rightsOf(made).find(([actions]) => actions.includes('glue:GetTable')) ?? [];
    expect(JSON.stringify(resources)).not.toContain('*');
    expect(resources).toHaveLength(3);
  });

  test('records that are gzip already are not compressed again', () => {
    expect(destinationOf({ recordFormat: RecordFormat.NDJSON_GZIP })).toMatchObject({
      CompressionFormat: 'UNCOMPRESSED',
      FileExtension: '.jsonl.gz',
    });
  });

  test('fails for Parquet of compressed records', () => {
    const error = errorOf(() => newArchive({ format: ArchiveFormat.PARQUET, recordFormat: RecordFormat.NDJSON_GZIP }));
    expect(error.code).toBe('KTE_ARCHIVE_FORMAT');
  });
});

describe('your bucket', () => {
  test('is used as it is, below your prefix', () => {
    const stack = newStack();
    const bucket = s3.Bucket.fromBucketName(stack, 'Mine', 'mine');
    const made = newArchive({ bucket, prefix: 'telemetry/prod/' }, stack);
    made.template.resourceCountIs('AWS::S3::Bucket', 0);
    made.template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: {
        Prefix: Match.stringLikeRegexp('^telemetry/prod/events/dt='),
        ErrorOutputPrefix: Match.stringLikeRegexp('^telemetry/prod/errors/'),
      },
    });
    made.template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: 's3://mine/telemetry/prod/athena/' } },
    });
  });

  test('with a key gives Firehose the right to use it through S3', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Mine', { encryptionKey: new kms.Key(stack, 'Key') });
    newArchive({ bucket }, stack).template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': Match.anyValue() } } },
          }),
        ]),
      },
    });
  });

  test('fails beside props of a new one', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Mine');
    const error = errorOf(() => newArchive({ bucket, removalPolicy: RemovalPolicy.DESTROY }, stack));
    expect(error.code).toBe('KTE_ARCHIVE_BUCKET');
    expect(error.message).toContain('removalPolicy');
  });
});

describe('keys', () => {
  test('one key reaches bucket, delivery, log group and query results', () => {
    const stack = newStack();
    const key = new kms.Key(stack, 'Key');
    const { template } = newArchive({ encryptionKey: key }, stack);
    const arn = { 'Fn::GetAtt': [logicalId(key), 'Arn'] };
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { KMSMasterKeyID: arn, SSEAlgorithm: 'aws:kms' } },
        ],
      },
    });
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: { EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: arn } } },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: arn } },
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'logs.amazonaws.com' } })]),
      },
    });
  });

  test('the key of the stream may be used to read this stream', () => {
    const stack = newStack();
    const stream = new kinesis.Stream(stack, 'Stream', { encryptionKey: new kms.Key(stack, 'Key') });
    newArchive({ stream }, stack).template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'kms:Decrypt',
            Condition: {
              StringEquals: Match.objectLike({
                'kms:EncryptionContext:aws:kinesis:arn': { 'Fn::GetAtt': [logicalId(stream), 'Arn'] },
              }),
            },
          }),
        ]),
      },
    });
  });
});

describe('times and sizes', () => {
  test('reach bucket, table, log group, delivery and workgroup', () => {
    const { template } = newArchive({
      retention: Duration.days(400),
      queryResultRetention: Duration.days(1),
      logRetention: logs.RetentionDays.ONE_YEAR,
      bufferInterval: Duration.seconds(60),
      bufferSize: Size.mebibytes(5),
      queryScanLimit: Size.gibibytes(1),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Delete',
      Properties: {
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            Match.objectLike({ Prefix: 'events/', ExpirationInDays: 400 }),
            Match.objectLike({ Prefix: 'athena/', ExpirationInDays: 1 }),
          ]),
        },
      },
    });
    template.hasResourceProperties('AWS::Glue::Table', {
      TableInput: { Parameters: Match.objectLike({ 'projection.dt.range': 'NOW-400DAYS,NOW+1DAYS' }) },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
    template.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      ExtendedS3DestinationConfiguration: { BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 5 } },
    });
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 1_024 ** 3 },
    });
  });

  test.each<[string, Given]>([
    ['retention', { retention: Duration.hours(36) }],
    ['retention', { retention: Duration.days(cdk.Lazy.number({ produce: () => 1 })) }],
    ['queryResultRetention', { queryResultRetention: Duration.days(0) }],
    ['bufferInterval', { bufferInterval: Duration.seconds(901) }],
    ['bufferInterval', { bufferInterval: Duration.millis(1_500) }],
    ['bufferSize', { bufferSize: Size.mebibytes(129) }],
    ['bufferSize', { bufferSize: Size.mebibytes(63), format: ArchiveFormat.PARQUET }],
    ['queryScanLimit', { queryScanLimit: Size.mebibytes(9) }],
    ['prefix', { prefix: 'no-slash' }],
    ['prefix', { prefix: '!{timestamp:yyyy}/' }],
    ['format', { format: 'avro' as ArchiveFormat }],
    ['recordFormat', { recordFormat: 'csv' as RecordFormat }],
  ])('fails out of range: %s %#', (option, given) => {
    const error = errorOf(() => newArchive(given));
    expect(error.code).toBe('KTE_OPTION');
    expect(error.message).toContain(`"${option}"`);
  });

  test('fails for a stream of another Region', () => {
    const stack = newStack({ env: HERE });
    const stream = kinesis.Stream.fromStreamArn(stack, 'Other', 'arn:aws:kinesis:us-west-2:111111111111:stream/s');
    expect(errorOf(() => newArchive({ stream }, stack)).code).toBe('KTE_ARCHIVE_REGION');
  });
});

describe('questions', () => {
  test('can be asked by whom they are granted to, through this workgroup alone', () => {
    const stack = newStack();
    const stream = new kinesis.Stream(stack, 'Stream');
    const archive = new TelemetryArchive(stack, 'Archive', { stream, encryptionKey: new kms.Key(stack, 'Key') });
    const grant = archive.grantQuery(new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() }));
    expect(grant.success).toBe(true);
    const [policy] = propertiesOf({ template: templateOf(stack) }, 'AWS::IAM::Policy');
    const actions = policy.PolicyDocument.Statement.flatMap(({ Action }: { Action: string[] }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining(['athena:StartQueryExecution', 'glue:GetTable', 's3:GetObject', 'kms:Decrypt']),
    );
    expect(actions.filter((action: string) => action.includes('*') || action.includes('Delete'))).toEqual([]);
  });
});

describe('metrics', () => {
  test('are those of this delivery', () => {
    const { archive, stack } = newArchive();
    const dimensions = { DeliveryStreamName: { Ref: stack.getLogicalId(archive.deliveryStream) } };
    expect(stack.resolve(archive.metricDataFreshness())).toMatchObject({
      namespace: 'AWS/Firehose',
      metricName: 'DeliveryToS3.DataFreshness',
      statistic: 'Maximum',
      dimensions,
    });
    expect(stack.resolve(archive.metricDeliverySuccess({ statistic: 'Minimum' }))).toMatchObject({
      metricName: 'DeliveryToS3.Success',
      statistic: 'Minimum',
      dimensions,
    });
  });
});
