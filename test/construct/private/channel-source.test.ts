import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import {
  KinesisTelemetryExtension,
  RecordFormat,
  TelemetryArchive,
  TelemetryChannelArchive,
  type TelemetryChannelArchiveProps,
} from '../../../src';
import { channelOf, coreKnowsChannels, newChannelArchive, newChannelStream } from '../archive-fixture';
import { errorOf, HERE, newStack, templateOf } from '../fixture';

describe.runIf(coreKnowsChannels)('what AWS does not make a channel of fails:', () => {
  test('the default stream of the extension, which has the key of AWS', () => {
    const stack = newStack();
    const { stream } = new KinesisTelemetryExtension(stack, 'Telemetry');
    const { code, message } = errorOf(() => newChannelArchive({ stream }, stack));
    expect(code).toBe('KTE_CHANNEL_KEY');
    expect(message).toContain('Stack/Telemetry/Stream with alias/aws/kinesis');
    expect(message).toContain('streamProps: { encryptionKey: new kms.Key(...) }');
  });

  test("a stream with CDK's default encryption, which is a condition", () => {
    const stack = newStack();
    const stream = new kinesis.Stream(stack, 'Stream', { streamMode: kinesis.StreamMode.ON_DEMAND });
    expect(errorOf(() => newChannelArchive({ stream }, stack)).code).toBe('KTE_CHANNEL_KEY');
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
    const stream = newChannelStream(stack, props);
    const { code, message } = errorOf(() => newChannelArchive({ stream }, stack));
    expect(code).toBe('KTE_CHANNEL_PROVISIONED');
    expect(message).toContain('Stack/Stream');
  });

  const streamIn = (account: string, region: string) => `arn:aws:kinesis:${region}:${account}:stream/mine`;

  test('a stream of another Region', () => {
    const stack = newStack({ env: HERE });
    const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', streamIn(HERE.account, 'us-east-1'));
    const { code, message } = errorOf(() => newChannelArchive({ stream }, stack));
    expect(code).toBe('KTE_CHANNEL_REGION');
    expect(message).toContain('a stream in us-east-1, a channel in eu-west-1');
  });

  test('a stream of another account', () => {
    const stack = newStack({ env: HERE });
    const stream = kinesis.Stream.fromStreamArn(stack, 'Mine', streamIn('222222222222', HERE.region));
    const { code, message } = errorOf(() => newChannelArchive({ stream }, stack));
    expect(code).toBe('KTE_CHANNEL_ACCOUNT');
    expect(message).toContain('a stream in 222222222222, a channel in 111111111111');
  });

  test('a bucket of another Region', () => {
    const stack = newStack({ env: HERE });
    const bucket = s3.Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'mine', region: 'us-east-1' });
    const { code, message } = errorOf(() => newChannelArchive({ bucket }, stack));
    expect(code).toBe('KTE_CHANNEL_REGION');
    expect(message).toContain('a bucket in us-east-1, a channel in eu-west-1');
  });

  test('gzipped records', () => {
    const { code } = errorOf(() => newChannelArchive({ recordFormat: RecordFormat.NDJSON_GZIP }));
    expect(code).toBe('KTE_CHANNEL_FORMAT');
  });

  test.each([RecordFormat.NDJSON, RecordFormat.JSON])('but not records of the format %s', (recordFormat) => {
    const { StreamConfigurationList } = channelOf(newChannelArchive({ recordFormat }));
    expect(StreamConfigurationList[0].RecordConfiguration.RecordFormatType).toBe('STRING');
  });

  test('the second channel of a stream', () => {
    const { stack, stream } = newChannelArchive();
    const { code, message } = errorOf(() => new TelemetryChannelArchive(stack, 'Second', { stream }));
    expect(code).toBe('KTE_CHANNEL_TWICE');
    expect(message).toContain('Stack/Archive on the same stream');
  });

  test('the second channel of a stream that is imported twice', () => {
    const stack = newStack({ env: HERE });
    const arn = streamIn(HERE.account, HERE.region);
    newChannelArchive({ stream: kinesis.Stream.fromStreamArn(stack, 'One', arn) }, stack);
    const stream = kinesis.Stream.fromStreamArn(stack, 'Other', arn);
    const { code } = errorOf(() => new TelemetryChannelArchive(stack, 'Second', { stream }));
    expect(code).toBe('KTE_CHANNEL_TWICE');
  });

  test('but not a channel for another stream, nor TelemetryArchive beside it', () => {
    const stack = newStack();
    const stream = newChannelStream(stack);
    new TelemetryChannelArchive(stack, 'First', { stream });
    new TelemetryChannelArchive(stack, 'Second', { stream: newChannelStream(stack, {}, 'Other') });
    new TelemetryArchive(stack, 'Third', { stream });
    templateOf(stack).resourceCountIs('AWS::Kinesis::Channel', 2);
  });

  test('props of a new bucket beside a bucket', () => {
    const stack = newStack();
    const bucket = new s3.Bucket(stack, 'Mine');
    const { code } = errorOf(() => newChannelArchive({ bucket, removalPolicy: RemovalPolicy.DESTROY }, stack));
    expect(code).toBe('KTE_ARCHIVE_BUCKET');
  });

  test.each<[string, Partial<TelemetryChannelArchiveProps>]>([
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
    const { code, message } = errorOf(() => newChannelArchive(given));
    expect(code).toBe('KTE_OPTION');
    expect(message).toContain(`the option "${option}"`);
  });

  test.each([300, 900])('but not %d seconds, the ends of the range', (seconds) => {
    const { S3DestinationConfiguration } = channelOf(newChannelArchive({ dataFreshness: Duration.seconds(seconds) }));
    expect(S3DestinationConfiguration.DataFreshnessInSeconds).toBe(seconds);
  });

  test('but not a prefix of the greatest length', () => {
    const prefix = `${'x'.repeat(504)}/`;
    const { StorageConfiguration, DeadLetterQueueS3Configuration } = channelOf(
      newChannelArchive({ prefix }),
    ).S3DestinationConfiguration;
    expect(DeadLetterQueueS3Configuration.ErrorOutputPrefix).toHaveLength(512);
    // the name of the channel can be 128 long, the date, hour and extension are as long as their variables or shorter
    expect(StorageConfiguration.OutputKeyTemplate.length + 128).toBeLessThanOrEqual(986);
  });
});
