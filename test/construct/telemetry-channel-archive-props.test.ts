import { Duration, RemovalPolicy, Size, type Stack, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { TelemetryArchive, TelemetryChannelArchive } from '../../src';
import { channelOf, coreKnowsChannels, newChannelArchive, newChannelStream, rightsOf } from './archive-fixture';
import { HERE, logicalId, newStack, templateOf } from './fixture';

describe.runIf(coreKnowsChannels)('what stands beside the defaults', () => {
  test('one key reaches bucket, channel, log group and query results', () => {
    const stack = newStack();
    const key = new kms.Key(stack, 'Key');
    const made = newChannelArchive({ encryptionKey: key }, stack);
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
    const stream = newChannelStream(stack, { encryptionKey: key });
    const arn = { 'Fn::GetAtt': [logicalId(key), 'Arn'] };
    const made = newChannelArchive({ stream }, stack);
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
    const made = newChannelArchive({
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
    const stream = newChannelStream(stack);
    const made = newChannelArchive({ bucket, stream, prefix: 'telemetry/prod/' }, stack);
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
    newChannelArchive({}, stack).template.hasResourceProperties('AWS::Kinesis::Channel', {
      Tags: [{ Key: 'team', Value: 'telemetry' }],
    });
  });

  test('metrics have the three dimensions without which CloudWatch finds nothing', () => {
    const { stack, archive, stream } = newChannelArchive();
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
    const other = new TelemetryArchive(stack, 'Archive', { stream: newChannelStream(stack) });
    const granted = rightsIn(stack, other);
    expect(Object.keys(granted)).toHaveLength(1);
    const mine = newStack();
    const archive = new TelemetryChannelArchive(mine, 'Archive', { stream: newChannelStream(mine) });
    expect(rightsIn(mine, archive)).toEqual(granted);
  });
});
