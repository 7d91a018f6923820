import { Match } from 'aws-cdk-lib/assertions';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { describe, expect, test } from 'vitest';
import { KinesisTelemetryAspect, KinesisTelemetryExtension, TelemetryArchive } from '../../src';
import { destinationOf, newArchive, parametersOf, settingsOf } from './archive-fixture';
import { functionProperties, logicalId, newFunction, newStack } from './fixture';

describe('without a transform', () => {
  test('there is no function, and Firehose processes nothing', () => {
    const made = newArchive();
    made.template.resourceCountIs('AWS::Lambda::Function', 0);
    expect(destinationOf(made)).not.toHaveProperty('ProcessingConfiguration');
    expect(made.archive.transformFunction).toBeUndefined();
  });
});

describe('a transform', () => {
  const made = newArchive({ transform: {} });
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
