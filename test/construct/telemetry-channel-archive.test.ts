import { Duration, RemovalPolicy, Size, type Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import {
  KinesisTelemetryExtension,
  RecordFormat,
  TelemetryArchive,
  TelemetryChannelArchive,
  type TelemetryChannelArchiveProps,
} from '../../src';
import { errorOf, HERE, logicalId, newStack, templateOf } from './fixture';

type Given = Partial<TelemetryChannelArchiveProps>;

function newStream(stack: Stack, props: kinesis.StreamProps = {}, id = 'Stream') {
  const streamMode = props.shardCount === undefined ? kinesis.StreamMode.ON_DEMAND : undefined;
  const encryption = props.encryptionKey ? undefined : kinesis.StreamEncryption.UNENCRYPTED;
  return new kinesis.Stream(stack, id, { streamMode, encryption, ...props });
}

function newArchive(props: Given = {}, stack = newStack()) {
  const stream = props.stream ?? newStream(stack);
  const archive = new TelemetryChannelArchive(stack, 'Archive', { stream, ...props });
  return { stack, stream, archive, template: templateOf(stack) };
}

/** The oldest aws-cdk-lib that we support knows no channels: `npm run test:floor` runs this file with it. */
const coreKnowsChannels = 'CfnChannel' in kinesis;

if (!coreKnowsChannels) {
  test('fails with this aws-cdk-lib, before anything else is looked at', () => {
    const { code, message } = errorOf(() => newArchive({ dataFreshness: Duration.seconds(1) }));
    expect(code).toBe('KTE_CHANNEL_UNKNOWN');
    expect(message).toMatch(/found: {3}aws-cdk-lib 2\.\d+\.\d+ without aws_kinesis\.CfnChannel/);
  });
} else {
  // biome-ignore lint/suspicious/noExplicitAny: templates are untyped
  const onlyOf = ({ template }: { template: ReturnType<typeof templateOf> }, type: string): any => {
    const found = Object.values(template.findResources(type));
    expect(found).toHaveLength(1);
    return found[0];
  };
  const channelOf = (made: ReturnType<typeof newArchive>) => onlyOf(made, 'AWS::Kinesis::Channel').Properties;
  /** `Action`, `Resource` and `Condition` of the statements of the channel's policy. */
  const rightsOf = (made: ReturnType<typeof newArchive>): [string[], unknown, unknown][] =>
    onlyOf(made, 'AWS::IAM::ManagedPolicy').Properties.PolicyDocument.Statement.map(
      // biome-ignore lint/suspicious/noExplicitAny: templates are untyped
      ({ Action, Resource, Condition }: any) => [[Action].flat(), Resource, Condition],
    );

  describe('defaults', () => {
    const made = newArchive();
    const { template, archive, stream } = made;
    const bucketArn = { 'Fn::GetAtt': [logicalId(archive.bucket), 'Arn'] };
    const objects = (prefix: string) => ({ 'Fn::Join': ['', [bucketArn, `/${prefix}*`]] });

    test('makes what an archive needs, without Firehose and without a custom resource', () => {
      const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map((r) => r.Type);
      expect([...new Set(types)].sort()).toEqual([
        'AWS::Athena::NamedQuery',
        'AWS::Athena::WorkGroup',
        'AWS::Glue::Database',
        'AWS::Glue::Table',
        'AWS::IAM::ManagedPolicy',
        'AWS::IAM::Role',
        'AWS::Kinesis::Channel',
        'AWS::Kinesis::Stream',
        'AWS::Logs::LogGroup',
        'AWS::Logs::LogStream',
        'AWS::S3::Bucket',
        'AWS::S3::BucketPolicy',
      ]);
    });

    test('carries gzipped lines into the folders of TelemetryArchive, and what fails below errors/', () => {
      expect(channelOf(made)).toEqual({
        ChannelName: archive.channelName,
        ServiceExecutionRoleARN: { 'Fn::GetAtt': [expect.stringMatching(/^ArchiveChannelRole/), 'Arn'] },
        StreamConfigurationList: [
          {
            StreamARN: { 'Fn::GetAtt': [logicalId(stream), 'Arn'] },
            RecordConfiguration: { RecordFormatType: 'STRING' },
          },
        ],
        S3DestinationConfiguration: {
          DataFreshnessInSeconds: 300,
          StorageConfiguration: {
            BucketARN: bucketArn,
            ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
            CompressionType: 'GZIP',
            OutputKeyTemplate: 'events/dt=!{yyyy}-!{MM}-!{dd}/hour=!{HH}/!{channel-name}!{extension:.jsonl.gz}',
          },
          DeadLetterQueueS3Configuration: {
            BucketARN: bucketArn,
            ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
            ErrorOutputPrefix: 'errors/',
          },
        },
        LoggingConfiguration: {
          CloudWatchLogs: {
            Enabled: true,
            LogGroupName: { Ref: logicalId(archive.logGroup) },
            LogStreamName: { Ref: expect.stringMatching(/^ArchiveDeliveryLogStream/) },
          },
        },
      });
    });

    test('puts the same table and the same queries over the bucket as TelemetryArchive', () => {
      const stack = newStack();
      new TelemetryArchive(stack, 'Archive', { stream: newStream(stack) });
      const other = templateOf(stack);
      for (const type of ['AWS::Glue::Table', 'AWS::Athena::NamedQuery', 'AWS::Athena::WorkGroup', 'AWS::S3::Bucket']) {
        expect(template.findResources(type)).toEqual(other.findResources(type));
      }
    });

    test('creates the channel after its rights', () => {
      const [policy] = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
      template.hasResource('AWS::Kinesis::Channel', { DependsOn: [policy] });
    });

    test('gives the role what AWS lists, wildcards below the two prefixes alone', () => {
      const group = [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':logs:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
      ];
      const parts = [':log-group:', { Ref: logicalId(archive.logGroup) }];
      const stream = [':log-stream:', { Ref: expect.stringMatching(/^ArchiveDeliveryLogStream/) }];
      expect(rightsOf(made)).toEqual([
        [['s3:ListBucket', 's3:ListBucketMultipartUploads'], bucketArn, undefined],
        [['s3:ListMultipartUploadParts', 's3:PutObject'], objects('events/'), undefined],
        [['s3:PutObject'], objects('errors/'), undefined],
        [['logs:CreateLogGroup'], { 'Fn::Join': ['', [...group, ...parts]] }, undefined],
        [
          ['logs:CreateLogStream', 'logs:PutLogEvents'],
          { 'Fn::Join': ['', [...group, ...parts, ...stream]] },
          undefined,
        ],
      ]);
    });

    test('lets the channels of this account and Region alone take the role', () => {
      template.hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Principal: { Service: 'kinesis.amazonaws.com' },
              Condition: {
                StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
                ArnLike: {
                  'aws:SourceArn': {
                    'Fn::Join': [
                      '',
                      [
                        'arn:',
                        { Ref: 'AWS::Partition' },
                        ':kinesis:',
                        { Ref: 'AWS::Region' },
                        ':',
                        { Ref: 'AWS::AccountId' },
                        ':channel/*',
                      ],
                    ],
                  },
                },
              },
            },
          ],
        },
      });
    });

    test('keeps the logical ids of what has data from release to release', () => {
      const ids = Object.keys(template.toJSON().Resources);
      for (const id of ['ArchiveBucket49F1AC64', 'ArchiveDatabase1F885325', 'ArchiveTable38D6931A'])
        expect(ids).toContain(id);
      expect(ids.filter((id) => id.startsWith('ArchiveChannel')).sort()).toMatchInlineSnapshot(`
        [
          "ArchiveChannel3D651F4D",
          "ArchiveChannelPolicyDEFED1F8",
          "ArchiveChannelRole7137CA44",
        ]
      `);
    });

    test('keeps to what AWS takes for names and keys', () => {
      const { ChannelName, S3DestinationConfiguration } = channelOf(made);
      const { StorageConfiguration, DeadLetterQueueS3Configuration } = S3DestinationConfiguration;
      expect(ChannelName).toMatch(/^[a-zA-Z0-9_.-]{1,128}$/);
      expect(StorageConfiguration.OutputKeyTemplate).toMatch(/^[0-9A-Za-z!\-_'.*()/=:{}]{1,986}$/);
      expect(DeadLetterQueueS3Configuration.ErrorOutputPrefix).toMatch(/^[0-9A-Za-z!\-_'.*()/]{1,512}$/);
    });
  });

  describe('what stands beside the defaults', () => {
    test('one key reaches bucket, channel, log group and query results', () => {
      const stack = newStack();
      const key = new kms.Key(stack, 'Key');
      const made = newArchive({ encryptionKey: key }, stack);
      const arn = { 'Fn::GetAtt': [logicalId(key), 'Arn'] };
      expect(channelOf(made).EncryptionConfiguration).toEqual({ EncryptionType: 'KMS', KeyId: arn });
      made.template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
      made.template.hasResourceProperties('AWS::Athena::WorkGroup', {
        WorkGroupConfiguration: {
          ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: arn } },
        },
      });
      const bucketArn = { 'Fn::GetAtt': [logicalId(made.archive.bucket), 'Arn'] };
      expect(rightsOf(made).slice(-2)).toEqual([
        [['kms:Decrypt', 'kms:GenerateDataKey'], arn, { StringEqualsIfExists: { 'kms:ViaService': via('kinesis') } }],
        [
          ['kms:Decrypt', 'kms:GenerateDataKey'],
          arn,
          {
            StringEquals: { 'kms:ViaService': via('s3') },
            StringLike: { 'kms:EncryptionContext:aws:s3:arn': [bucketArn, { 'Fn::Join': ['', [bucketArn, '/*']] }] },
          },
        ],
      ]);
    });

    test('the key of the stream may be used to read this stream, and is tried when the channel is created', () => {
      const stack = newStack();
      const key = new kms.Key(stack, 'Key');
      const stream = newStream(stack, { encryptionKey: key });
      const arn = { 'Fn::GetAtt': [logicalId(key), 'Arn'] };
      const made = newArchive({ stream }, stack);
      expect(channelOf(made).EncryptionConfiguration).toBeUndefined();
      expect(rightsOf(made).slice(-2)).toEqual([
        [['kms:Decrypt', 'kms:GenerateDataKey'], arn, { StringEqualsIfExists: { 'kms:ViaService': via('kinesis') } }],
        [
          ['kms:Decrypt'],
          arn,
          {
            StringEqualsIfExists: { 'kms:ViaService': via('kinesis') },
            StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': { 'Fn::GetAtt': [logicalId(stream), 'Arn'] } },
          },
        ],
      ]);
    });

    const via = (service: string) => ({
      'Fn::Join': ['', [`${service}.`, { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
    });

    test('times and sizes reach channel, bucket, table, log group and workgroup', () => {
      const made = newArchive({
        dataFreshness: Duration.minutes(15),
        retention: Duration.days(400),
        queryResultRetention: Duration.days(1),
        logRetention: logs.RetentionDays.ONE_YEAR,
        queryScanLimit: Size.gibibytes(1),
        removalPolicy: RemovalPolicy.DESTROY,
      });
      expect(channelOf(made).S3DestinationConfiguration.DataFreshnessInSeconds).toBe(900);
      made.template.hasResource('AWS::S3::Bucket', {
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
      made.template.hasResourceProperties('AWS::Glue::Table', {
        TableInput: { Parameters: { 'projection.dt.range': 'NOW-400DAYS,NOW+1DAYS' } },
      });
      made.template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
      made.template.hasResourceProperties('AWS::Athena::WorkGroup', {
        WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 1_024 ** 3 },
      });
    });

    test('your bucket is used as it is, below your prefix, and owned by whom it says', () => {
      const stack = newStack({ env: HERE });
      const bucket = s3.Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'mine', account: '222222222222' });
      const stream = newStream(stack);
      const made = newArchive({ bucket, stream, prefix: 'telemetry/prod/' }, stack);
      made.template.resourceCountIs('AWS::S3::Bucket', 0);
      const { StorageConfiguration, DeadLetterQueueS3Configuration } = channelOf(made).S3DestinationConfiguration;
      expect(StorageConfiguration).toMatchObject({
        ExpectedBucketOwner: '222222222222',
        OutputKeyTemplate: expect.stringMatching(/^telemetry\/prod\/events\/dt=/),
      });
      expect(DeadLetterQueueS3Configuration).toMatchObject({
        ExpectedBucketOwner: '222222222222',
        ErrorOutputPrefix: 'telemetry/prod/errors/',
      });
    });

    test('tags of the stack reach the channel', () => {
      const stack = newStack();
      Tags.of(stack).add('team', 'telemetry');
      newArchive({}, stack).template.hasResourceProperties('AWS::Kinesis::Channel', {
        Tags: [{ Key: 'team', Value: 'telemetry' }],
      });
    });

    test('metrics have the three dimensions without which CloudWatch finds nothing', () => {
      const { stack, archive, stream } = newArchive();
      const freshness = stack.resolve(archive.metricDataFreshness().toMetricConfig().metricStat);
      expect(freshness).toMatchObject({
        namespace: 'AWS/Kinesis',
        metricName: 'DeliveryToS3.DataFreshness',
        statistic: 'Maximum',
        dimensions: [
          { name: 'ChannelId', value: { 'Fn::GetAtt': [logicalIdOf(archive.channel), 'ChannelId'] } },
          { name: 'ChannelName', value: archive.channelName },
          { name: 'StreamName', value: { Ref: logicalId(stream) } },
        ],
      });
      const failed = archive.metricFailedRecords({ period: Duration.minutes(1) });
      expect(failed.toMetricConfig().metricStat).toMatchObject({
        metricName: 'DeliveryToS3.FailedRecordCount',
        statistic: 'Sum',
        period: Duration.minutes(1),
      });
    });

    const logicalIdOf = (resource: TelemetryChannelArchive['channel']) => resource.stack.getLogicalId(resource);

    test('grantQuery gives the rights of TelemetryArchive', () => {
      const rightsIn = (stack: Stack, archive: TelemetryArchive | TelemetryChannelArchive) => {
        archive.grantQuery(new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() }));
        return templateOf(stack).findResources('AWS::IAM::Policy');
      };
      const stack = newStack();
      const other = new TelemetryArchive(stack, 'Archive', { stream: newStream(stack) });
      const granted = rightsIn(stack, other);
      expect(Object.keys(granted)).toHaveLength(1);
      const mine = newStack();
      const archive = new TelemetryChannelArchive(mine, 'Archive', { stream: newStream(mine) });
      expect(rightsIn(mine, archive)).toEqual(granted);
    });
  });

  describe('what AWS does not make a channel of fails:', () => {
    test('the default stream of the extension, which has the key of AWS', () => {
      const stack = newStack();
      const { stream } = new KinesisTelemetryExtension(stack, 'Telemetry');
      const { code, message } = errorOf(() => newArchive({ stream }, stack));
      expect(code).toBe('KTE_CHANNEL_KEY');
      expect(message).toContain('Stack/Telemetry/Stream with alias/aws/kinesis');
      expect(message).toContain('streamProps: { encryptionKey: new kms.Key(...) }');
    });

    test("a stream with CDK's default encryption, which is a condition", () => {
      const stack = newStack();
      const stream = new kinesis.Stream(stack, 'Stream', { streamMode: kinesis.StreamMode.ON_DEMAND });
      expect(errorOf(() => newArchive({ stream }, stack)).code).toBe('KTE_CHANNEL_KEY');
    });

    test('and the stream of the extension with a customer key does not', () => {
      const stack = newStack();
      const streamProps = { encryptionKey: new kms.Key(stack, 'Key') };
      const { stream } = new KinesisTelemetryExtension(stack, 'Telemetry', { streamProps });
      new TelemetryChannelArchive(stack, 'Archive', { stream });
      templateOf(stack).resourceCountIs('AWS::Kinesis::Channel', 1);
    });

    test.each([
      ['with a number of shards', { shardCount: 2 }],
      ['by its mode', { streamMode: kinesis.StreamMode.PROVISIONED }],
      ['by the default of CDK', { streamMode: undefined }],
    ])('a stream that is provisioned %s', (_, props) => {
      const stack = newStack();
      const stream = newStream(stack, props);
      const { code, message } = errorOf(() => newArchive({ stream }, stack));
      expect(code).toBe('KTE_CHANNEL_PROVISIONED');
      expect(message).toContain('Stack/Stream');
    });

    const streamIn = (account: string, region: string) => `arn:aws:kinesis:${region}:${account}:stream/mine`;

    test('a stream of another Region', () => {
      const stack = newStack({ env: HERE });
      const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', streamIn(HERE.account, 'us-east-1'));
      const { code, message } = errorOf(() => newArchive({ stream }, stack));
      expect(code).toBe('KTE_CHANNEL_REGION');
      expect(message).toContain('a stream in us-east-1, a channel in eu-west-1');
    });

    test('a stream of another account', () => {
      const stack = newStack({ env: HERE });
      const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', streamIn('222222222222', HERE.region));
      const { code, message } = errorOf(() => newArchive({ stream }, stack));
      expect(code).toBe('KTE_CHANNEL_ACCOUNT');
      expect(message).toContain('a stream in 222222222222, a channel in 111111111111');
    });

    test('a bucket of another Region', () => {
      const stack = newStack({ env: HERE });
      const bucket = s3.Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'mine', region: 'us-east-1' });
      const { code, message } = errorOf(() => newArchive({ bucket }, stack));
      expect(code).toBe('KTE_CHANNEL_REGION');
      expect(message).toContain('a bucket in us-east-1, a channel in eu-west-1');
    });

    test('gzipped records', () => {
      const { code } = errorOf(() => newArchive({ recordFormat: RecordFormat.NDJSON_GZIP }));
      expect(code).toBe('KTE_CHANNEL_FORMAT');
    });

    test.each([RecordFormat.NDJSON, RecordFormat.JSON])('but not records of the format %s', (recordFormat) => {
      const { StreamConfigurationList } = channelOf(newArchive({ recordFormat }));
      expect(StreamConfigurationList[0].RecordConfiguration.RecordFormatType).toBe('STRING');
    });

    test('the second channel of a stream', () => {
      const { stack, stream } = newArchive();
      const { code, message } = errorOf(() => new TelemetryChannelArchive(stack, 'Second', { stream }));
      expect(code).toBe('KTE_CHANNEL_TWICE');
      expect(message).toContain('Stack/Archive on the same stream');
    });

    test('the second channel of a stream that is imported twice', () => {
      const stack = newStack({ env: HERE });
      const arn = streamIn(HERE.account, HERE.region);
      newArchive({ stream: kinesis.Stream.fromStreamArn(stack, 'One', arn) }, stack);
      const stream = kinesis.Stream.fromStreamArn(stack, 'Other', arn);
      const { code } = errorOf(() => new TelemetryChannelArchive(stack, 'Second', { stream }));
      expect(code).toBe('KTE_CHANNEL_TWICE');
    });

    test('but not a channel for another stream, nor TelemetryArchive beside it', () => {
      const stack = newStack();
      const stream = newStream(stack);
      new TelemetryChannelArchive(stack, 'First', { stream });
      new TelemetryChannelArchive(stack, 'Second', { stream: newStream(stack, {}, 'Other') });
      new TelemetryArchive(stack, 'Third', { stream });
      templateOf(stack).resourceCountIs('AWS::Kinesis::Channel', 2);
    });

    test('props of a new bucket beside a bucket', () => {
      const stack = newStack();
      const bucket = new s3.Bucket(stack, 'Mine');
      const { code } = errorOf(() => newArchive({ bucket, removalPolicy: RemovalPolicy.DESTROY }, stack));
      expect(code).toBe('KTE_ARCHIVE_BUCKET');
    });

    test.each<[string, Given]>([
      ['dataFreshness', { dataFreshness: Duration.seconds(299) }],
      ['dataFreshness', { dataFreshness: Duration.seconds(901) }],
      ['dataFreshness', { dataFreshness: Duration.millis(300_500) }],
      ['retention', { retention: Duration.hours(36) }],
      ['queryResultRetention', { queryResultRetention: Duration.days(0) }],
      ['queryScanLimit', { queryScanLimit: Size.mebibytes(1) }],
      ['recordFormat', { recordFormat: 'csv' as RecordFormat }],
      ['prefix', { prefix: 'no-slash' }],
      ['prefix', { prefix: '/absolute/' }],
      ['prefix', { prefix: 'two//slashes/' }],
      ['prefix', { prefix: 'a/../b/' }],
      ['prefix', { prefix: './' }],
      ['prefix', { prefix: 'team=mine/' }],
      ['prefix', { prefix: `${'x'.repeat(505)}/` }],
    ])('a value of "%s" that is out of range: %j', (option, given) => {
      const { code, message } = errorOf(() => newArchive(given));
      expect(code).toBe('KTE_OPTION');
      expect(message).toContain(`the option "${option}"`);
    });

    test.each([300, 900])('but not %d seconds, the ends of the range', (seconds) => {
      const { S3DestinationConfiguration } = channelOf(newArchive({ dataFreshness: Duration.seconds(seconds) }));
      expect(S3DestinationConfiguration.DataFreshnessInSeconds).toBe(seconds);
    });

    test('but not a prefix of the greatest length', () => {
      const prefix = `${'x'.repeat(504)}/`;
      const { StorageConfiguration, DeadLetterQueueS3Configuration } = channelOf(
        newArchive({ prefix }),
      ).S3DestinationConfiguration;
      expect(DeadLetterQueueS3Configuration.ErrorOutputPrefix).toHaveLength(512);
      // the name of the channel can be 128 long, the date, hour and extension are as long as their variables or shorter
      expect(StorageConfiguration.OutputKeyTemplate.length + 128).toBeLessThanOrEqual(986);
    });
  });
}
