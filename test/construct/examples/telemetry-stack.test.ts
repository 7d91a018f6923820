import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, test } from 'vitest';
import { TelemetryApiKinesisExtensionStack } from '../../../examples/typescript/telemetry-stack/telemetry-api-kinesis-extension-stack';
import { templateOf } from '../fixture';
import { cdkSynth } from './cdk-synth';

const folder = join(__dirname, '../../../examples/typescript/telemetry-stack');

describe('the stack', () => {
  const template = templateOf(new TelemetryApiKinesisExtensionStack(new App(), 'Example'));

  function nameOf(type: string): string {
    const [logicalId] = Object.keys(template.findResources(type));
    return logicalId as string;
  }

  test('has the stream telemetry-kinesis-stream, which goes with the stack', () => {
    template.hasResource('AWS::Kinesis::Stream', {
      Properties: { Name: 'telemetry-kinesis-stream' },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  test('has the layer with the extension', () => {
    template.hasResourceProperties('AWS::Lambda::LayerVersion', { LayerName: 'kinesis-telemetry-api-extension' });
  });

  test('has the policy that lets functions write to the stream', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      ManagedPolicyName: 'kinesis-telemetry-api-extension-managed-policy',
      PolicyDocument: {
        Statement: [
          {
            Action: 'kinesis:PutRecords',
            Effect: 'Allow',
            Resource: { 'Fn::GetAtt': [nameOf('AWS::Kinesis::Stream'), 'Arn'] },
          },
        ],
      },
    });
  });

  test.each([
    ['/telemetry/kinesis/extension/arn', 'AWS::Lambda::LayerVersion'],
    ['/telemetry/kinesis/runtime/policy/arn', 'AWS::IAM::ManagedPolicy'],
  ])('publishes the parameter %s with the ARN of the %s', (name, type) => {
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: name, Value: { Ref: nameOf(type) } });
  });

  test('gives the sample function the layer', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Layers: [{ Ref: nameOf('AWS::Lambda::LayerVersion') }] });
  });

  test('gives the sample function the variable with the name of the stream', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { KINESIS_TELEMETRY_STREAM: { Ref: nameOf('AWS::Kinesis::Stream') } } },
    });
  });

  test('gives the role of the sample function the policy', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.arrayWith([{ Ref: nameOf('AWS::IAM::ManagedPolicy') }]),
    });
  });

  test('lets the sample function log JSON into a log group that keeps a day and goes with the stack', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: nameOf('AWS::Logs::LogGroup') } },
    });
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 1 }, DeletionPolicy: 'Delete' });
  });
});

describe('the app', () => {
  const output = mkdtempSync(join(tmpdir(), 'telemetry-stack-'));
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  test('is synthesized by the CDK command line without an AWS account', { timeout: 120_000 }, () => {
    cdkSynth(folder, output);
    const file = join(output, 'TelemetryApiKinesisExtensionStack.template.json');
    const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, { Type: string }> };
    expect(Object.values(Resources).map(({ Type }) => Type)).toContain('AWS::Lambda::Function');
  });
});
