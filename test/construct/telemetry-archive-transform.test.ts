import { Aws, Duration, Lazy, Size, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import {
  ArchiveFormat,
  KinesisTelemetryAspect,
  KinesisTelemetryExtension,
  RecordFormat,
  TelemetryArchive,
  type TelemetryArchiveProps,
  TelemetryLogLevel,
  type TelemetryTransformOptions,
} from '../../src';
import * as construct from '../../src/private/archive/transform-settings';
import { LEVELS } from '../../transform/src/log-level';
import { parseSettings, SETTINGS_VARIABLE } from '../../transform/src/settings';
import { errorOf, functionProperties, logicalId, newFunction, newStack, templateOf } from './fixture';

function newArchive(
  transform?: TelemetryTransformOptions,
  more: Partial<TelemetryArchiveProps> = {},
  stack = newStack(),
) {
  const stream = new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.MANAGED });
  const archive = new TelemetryArchive(stack, 'Archive', { stream, transform, ...more });
  return { stack, archive, template: templateOf(stack) };
}

// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
function destinationOf({ template }: ReturnType<typeof newArchive>): any {
  const [delivery] = Object.values(template.findResources('AWS::KinesisFirehose::DeliveryStream'));
  return delivery?.Properties.ExtendedS3DestinationConfiguration;
}

/** How Firehose is told to call the function, by the names of the parameters. */
function parametersOf(made: ReturnType<typeof newArchive>): Record<string, unknown> {
  const [processor] = destinationOf(made).ProcessingConfiguration.Processors;
  return Object.fromEntries(
    processor.Parameters.map((one: { ParameterName: string; ParameterValue: unknown }) => [
      one.ParameterName,
      one.ParameterValue,
    ]),
  );
}

function settingsOf({ stack }: { stack: Stack }) {
  return parseSettings(functionProperties(stack, 'ArchiveTransform').Environment.Variables[SETTINGS_VARIABLE]);
}

describe('without a transform', () => {
  test('there is no function, and Firehose processes nothing', () => {
    const made = newArchive();
    made.template.resourceCountIs('AWS::Lambda::Function', 0);
    expect(destinationOf(made)).not.toHaveProperty('ProcessingConfiguration');
    expect(made.archive.transformFunction).toBeUndefined();
  });
});

describe('a transform', () => {
  const made = newArchive({});
  const { template, archive } = made;
  const functionId = logicalId(archive.transformFunction);
  const functionArn = { 'Fn::GetAtt': [functionId, 'Arn'] };

  test('is the function that ships with the package', () => {
    template.hasResource('AWS::Lambda::Function', {
      Properties: {
        FunctionName: Match.absent(),
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 512,
        Timeout: 60,
      },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^ArchiveTransformPolicy')]),
    });
  });

  test('is what Firehose calls between stream and bucket, each megabyte or minute', () => {
    expect(destinationOf(made).ProcessingConfiguration).toMatchObject({
      Enabled: true,
      Processors: [{ Type: 'Lambda' }],
    });
    const [roleId] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => id.includes('DeliveryRole'));
    expect(parametersOf(made)).toEqual({
      LambdaArn: functionArn,
      RoleArn: { 'Fn::GetAtt': [roleId, 'Arn'] },
      BufferSizeInMBs: '1',
      BufferIntervalInSeconds: '60',
      NumberOfRetries: '3',
    });
  });

  test('may be called by Firehose, which may call no other function', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'Lets Firehose read the telemetry stream and write the archive',
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: ['lambda:GetFunctionConfiguration', 'lambda:InvokeFunction'],
            Resource: [functionArn, { 'Fn::Join': ['', [functionArn, ':$LATEST']] }],
          },
        ]),
      },
    });
  });

  test('has a log group of its own, and rights to nothing else', () => {
    const [logGroupId] = Object.keys(template.findResources('AWS::Logs::LogGroup')).filter((id) =>
      id.includes('Transform'),
    );
    expect(functionProperties(made.stack, 'ArchiveTransform').LoggingConfig).toEqual({ LogGroup: { Ref: logGroupId } });
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 30, LogGroupName: Match.absent() },
      DeletionPolicy: 'Delete',
    });
    const [roleId] = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => id.includes('Transform'));
    const ofRole = [...Object.values(template.findResources('AWS::IAM::ManagedPolicy'))].filter(
      ({ Properties }) => JSON.stringify(Properties.Roles) === JSON.stringify([{ Ref: roleId }]),
    );
    expect(ofRole.map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual([
      [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': [logGroupId, 'Arn'] },
        },
      ],
    ]);
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent(), Policies: Match.absent() });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('is passed over by an aspect, since it would report of moving its own telemetry without end', () => {
    const stack = newStack();
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
    const { transformFunction } = new TelemetryArchive(stack, 'Archive', { stream: telemetry.stream, transform: {} });
    newFunction(stack, 'Ordinary');
    KinesisTelemetryAspect.addTo(stack, telemetry);
    expect(functionProperties(stack, 'Ordinary').Layers).toHaveLength(1);
    expect(functionProperties(stack, logicalId(transformFunction as lambda.Function)).Layers).toBeUndefined();
  });

  test('flattens, and neither filters nor tags', () => {
    expect(settingsOf(made)).toEqual({ flatten: true, tags: {}, compress: false });
  });

  test('keeps the prefix, the compression and the folders of an archive without', () => {
    const { ProcessingConfiguration: _, ...rest } = destinationOf(made);
    expect(rest).toEqual(destinationOf(newArchive()));
  });

  test('changes none of the other resources but the rights of Firehose', () => {
    const others = (resources: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(resources).filter(([id]) => !/^ArchiveTransform|^ArchiveDelivery(Policy)?[0-9A-F]{8}$/.test(id)),
      );
    expect(others(template.toJSON().Resources)).toEqual(others(newArchive().template.toJSON().Resources));
  });
});

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
    const made = newArchive(ALL);
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
    expect(parametersOf(newArchive(ALL))).toMatchObject({
      BufferSizeInMBs: '0.25',
      BufferIntervalInSeconds: '0',
      NumberOfRetries: '0',
    });
    expect(parametersOf(newArchive({ bufferSize: Size.bytes(209_716) }))).toMatchObject({ BufferSizeInMBs: '0.2' });
    expect(parametersOf(newArchive({ bufferSize: Size.mebibytes(3) }))).toMatchObject({ BufferSizeInMBs: '3' });
  });

  test('of the archive apply too: retention and key of the log', () => {
    const stack = newStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const { template } = newArchive({}, { logRetention: logs.RetentionDays.ONE_YEAR, encryptionKey }, stack);
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups.map(({ Properties }) => Properties)).toEqual(
      [1, 2].map(() => ({ RetentionInDays: 365, KmsKeyId: { 'Fn::GetAtt': [logicalId(encryptionKey), 'Arn'] } })),
    );
  });

  test('may hold tokens in tags', () => {
    const { stack } = newArchive({ tags: { region: Aws.REGION } });
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
    const compressed = newArchive({}, { recordFormat: RecordFormat.NDJSON_GZIP });
    expect(settingsOf(compressed).compress).toBe(true);
    expect(destinationOf(compressed).CompressionFormat).toBe('UNCOMPRESSED');
  });

  test('says that Parquet is converted from text', () => {
    const parquet = newArchive({}, { format: ArchiveFormat.PARQUET });
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
    const error = errorOf(() => newArchive(given));
    expect(error.code).toBe('KTE_OPTION');
    expect(error.message).toContain(`"transform.${option}"`);
  });

  test('more tags than the variables of a function may hold', () => {
    const error = errorOf(() => newArchive({ tags: { long: 'x'.repeat(4_000) } }));
    expect(error.code).toBe('KTE_OPTION');
    expect(error.message).toContain('bytes of JSON');
  });

  test('a transform that would change nothing', () => {
    const error = errorOf(() => newArchive({ flatten: false, tags: {} }));
    expect(error.code).toBe('KTE_ARCHIVE_TRANSFORM');
    expect(error.message).toContain('would change nothing');
  });

  test.each<TelemetryTransformOptions>([
    { flatten: false, tags: { a: 'b' } },
    { flatten: false, includeTypes: ['function'] },
    { flatten: false, excludeTypes: ['platform'] },
    { flatten: false, minimumLevel: TelemetryLogLevel.INFO },
  ])('not one that does a single thing: %j', (options) => {
    expect(newArchive(options).archive.transformFunction).toBeDefined();
  });

  test('a transform that would archive no events', () => {
    const error = errorOf(() => newArchive({ includeTypes: ['platform.report'], excludeTypes: ['platform'] }));
    expect(error.code).toBe('KTE_ARCHIVE_TRANSFORM');
    expect(error.message).toContain('no events');
  });
});
