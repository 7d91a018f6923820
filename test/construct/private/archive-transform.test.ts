import { Aws, Duration, Lazy, Size } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import {
  ArchiveFormat,
  RecordFormat,
  type TelemetryArchiveProps,
  TelemetryLogLevel,
  type TelemetryTransformOptions,
} from '../../../src';
import * as construct from '../../../src/private/archive/transform-settings';
import { LEVELS } from '../../../transform/src/log-level';
import { SETTINGS_VARIABLE } from '../../../transform/src/settings';
import { destinationOf, newArchive, parametersOf, settingsOf } from '../archive-fixture';
import { errorOf, functionProperties, logicalId, newStack } from '../fixture';

const transformed = (
  transform: TelemetryTransformOptions,
  more: Partial<TelemetryArchiveProps> = {},
  stack = newStack(),
) => newArchive({ transform, ...more }, stack);

describe('options', () => {
  const ALL: Required<TelemetryTransformOptions> = {
    includeTypes: ['function', 'platform'],
    excludeTypes: ['platform.start'],
    minimumLevel: TelemetryLogLevel.WARN,
    flatten: false,
    tags: { team: 'shop' },
    bufferSize: Size.kibibytes(256),
    bufferInterval: Duration.seconds(0),
    retries: 0,
    memorySize: Size.mebibytes(1_024),
    timeout: Duration.minutes(5),
  };

  test('reach the function', () => {
    const made = transformed(ALL);
    expect(settingsOf(made)).toEqual({
      includeTypes: ['function', 'platform'],
      excludeTypes: ['platform.start'],
      minimumLevel: 'WARN',
      flatten: false,
      tags: { team: 'shop' },
      compress: false,
    });
    expect(functionProperties(made.stack, 'ArchiveTransform')).toMatchObject({ MemorySize: 1_024, Timeout: 300 });
  });

  test('reach Firehose', () => {
    expect(parametersOf(transformed(ALL))).toMatchObject({
      BufferSizeInMBs: '0.25',
      BufferIntervalInSeconds: '0',
      NumberOfRetries: '0',
    });
    expect(parametersOf(transformed({ bufferSize: Size.bytes(209_716) }))).toMatchObject({ BufferSizeInMBs: '0.2' });
    expect(parametersOf(transformed({ bufferSize: Size.mebibytes(3) }))).toMatchObject({ BufferSizeInMBs: '3' });
  });

  test('of the archive apply too: retention and key of the log', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const { template } = transformed({}, { logRetention: logs.RetentionDays.ONE_YEAR, encryptionKey }, stack);
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups.map(({ Properties }) => Properties)).toEqual(
      [1, 2].map(() => ({ RetentionInDays: 365, KmsKeyId: { 'Fn::GetAtt': [logicalId(encryptionKey), 'Arn'] } })),
    );
  });

  test('may hold tokens in tags', () => {
    const { stack } = transformed({ tags: { region: Aws.REGION } });
    expect(functionProperties(stack, 'ArchiveTransform').Environment.Variables[SETTINGS_VARIABLE]).toEqual({
      'Fn::Join': ['', ['{"flatten":true,"tags":{"region":"', { Ref: 'AWS::Region' }, '"},"compress":false}']],
    });
  });
});

describe('the contract with the function', () => {
  test('has one variable and one list of levels', () => {
    expect(construct.SETTINGS_VARIABLE).toBe(SETTINGS_VARIABLE);
    expect(Object.values(TelemetryLogLevel)).toEqual([...LEVELS]);
  });

  test('says that objects are made of gzip members where Firehose does not compress', () => {
    const compressed = transformed({}, { recordFormat: RecordFormat.NDJSON_GZIP });
    expect(settingsOf(compressed).compress).toBe(true);
    expect(destinationOf(compressed).CompressionFormat).toBe('UNCOMPRESSED');
  });

  test('says that Parquet is converted from text', () => {
    const parquet = transformed({}, { format: ArchiveFormat.PARQUET });
    expect(settingsOf(parquet).compress).toBe(false);
    expect(destinationOf(parquet)).toMatchObject({
      ProcessingConfiguration: { Enabled: true },
      DataFormatConversionConfiguration: { Enabled: true },
    });
  });
});

describe('refuses', () => {
  test.each<[string, TelemetryTransformOptions]>([
    ['includeTypes', { includeTypes: [] }],
    ['includeTypes', { includeTypes: ['Platform'] }],
    ['excludeTypes', { excludeTypes: ['platform.*'] }],
    ['excludeTypes', { excludeTypes: ['extension.stats'] }],
    ['minimumLevel', { minimumLevel: 'LOUD' as TelemetryLogLevel }],
    ['tags', { tags: { '': 'x' } }],
    ['tags', { tags: { a: 1 as unknown as string } }],
    ['bufferSize', { bufferSize: Size.kibibytes(204) }],
    ['bufferSize', { bufferSize: Size.mebibytes(4) }],
    ['bufferSize', { bufferSize: Size.mebibytes(Lazy.number({ produce: () => 1 })) }],
    ['bufferInterval', { bufferInterval: Duration.seconds(901) }],
    ['retries', { retries: 301 }],
    ['memorySize', { memorySize: Size.mebibytes(127) }],
    ['memorySize', { memorySize: Size.kibibytes(512.5 * 1_024) }],
    ['timeout', { timeout: Duration.seconds(301) }],
    ['timeout', { timeout: Duration.millis(500) }],
  ])('values out of range: %s %#', (option, given) => {
    const error = errorOf(() => transformed(given));
    expect(error.code).toBe('KTE_OPTION');
    expect(error.message).toContain(`"transform.${option}"`);
  });

  test('more tags than the variables of a function may hold', () => {
    const error = errorOf(() => transformed({ tags: { long: 'x'.repeat(4_000) } }));
    expect(error.code).toBe('KTE_OPTION');
    expect(error.message).toContain('bytes of JSON');
  });

  test('a transform that would change nothing', () => {
    const error = errorOf(() => transformed({ flatten: false, tags: {} }));
    expect(error.code).toBe('KTE_ARCHIVE_TRANSFORM');
    expect(error.message).toContain('would change nothing');
  });

  test.each<TelemetryTransformOptions>([
    { flatten: false, tags: { a: 'b' } },
    { flatten: false, includeTypes: ['function'] },
    { flatten: false, excludeTypes: ['platform'] },
    { flatten: false, minimumLevel: TelemetryLogLevel.INFO },
  ])('not one that does a single thing: %j', (options) => {
    expect(settingsOf(transformed(options))).toMatchObject(options);
  });

  test('a transform that would archive no events', () => {
    const error = errorOf(() => transformed({ includeTypes: ['platform.report'], excludeTypes: ['platform'] }));
    expect(error.code).toBe('KTE_ARCHIVE_TRANSFORM');
    expect(error.message).toContain('no events');
  });
});
