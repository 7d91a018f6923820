import * as cdk from 'aws-cdk-lib';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { ArchiveFormat, type RecordFormat, type TelemetryArchiveProps } from '../../src';
import { newArchive } from './archive-fixture';
import { errorOf, HERE, logicalId, newStack } from './fixture';

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

  test.each<[string, Partial<TelemetryArchiveProps>]>([
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
