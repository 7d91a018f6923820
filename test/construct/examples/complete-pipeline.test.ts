import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { CompletePipelineStack } from '../../../examples/typescript/complete-pipeline/complete-pipeline-stack';
import { handler } from '../../../examples/typescript/complete-pipeline/watcher/index';
import { templateOf } from '../fixture';
import { cdkSynth } from './cdk-synth';

const root = join(__dirname, '../../..');
const folder = join(root, 'examples/typescript/complete-pipeline');
const template = templateOf(new CompletePipelineStack(new App(), 'CompletePipeline'));

describe('the stack', () => {
  const functions = template.findResources('AWS::Lambda::Function');
  const idOf = (prefix: string) => Object.keys(functions).find((id) => id.startsWith(prefix)) ?? `no ${prefix}`;

  test('attaches the extension to the function of the app, and to none that handles telemetry', () => {
    const attached = Object.entries(functions).filter(([, { Properties }]) => Properties.Layers);
    expect(attached.map(([id]) => id)).toEqual([idOf('Orders')]);
    expect(Object.keys(functions)).toContain(idOf('WatcherFunction'));
    expect(attached[0]?.[1].Properties.Environment.Variables).toHaveProperty('KINESIS_TELEMETRY_STREAM');
  });

  test('reads the stream by a watcher whose failures are kept', () => {
    const [stream] = Object.keys(template.findResources('AWS::Kinesis::Stream'));
    const [queue] = Object.keys(template.findResources('AWS::SQS::Queue'));
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [stream, 'Arn'] },
      FunctionName: { Ref: idOf('WatcherFunction') },
      DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } },
    });
  });

  test('tells the topic of every alarm, and lets alarms write to it', () => {
    const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.length).toBeGreaterThanOrEqual(9);
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([{ Ref: topic }]);
    const publish = { Action: 'sns:Publish', Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } };
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(publish)]) },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } })]),
      },
    });
  });

  test('has no bucket with an ACL: those of today refuse them', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::S3::Bucket'))) {
      expect(Properties).not.toHaveProperty('AccessControl');
    }
  });
});

describe('the watcher', () => {
  afterEach(() => vi.restoreAllMocks());

  const line = (seq: number, more: object) =>
    JSON.stringify({ v: 1, function_name: 'orders', instance_id: 'one', seq, request_id: `r${seq}`, ...more });
  const eventOf = (...lines: string[]) => ({
    Records: [
      {
        kinesis: {
          data: Buffer.from(lines.map((text) => `${text}\n`).join('')).toString('base64'),
          sequenceNumber: '1',
        },
      },
    ],
  });

  test('says of crashes, time-outs and errors which request it was, once', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const event = eventOf(
      line(1, { type: 'platform.report', status: 'success' }),
      line(2, { type: 'platform.report', status: 'timeout' }),
      line(3, { type: 'function', record: { level: 'INFO', message: 'order received' } }),
      line(4, { type: 'function', record: { level: 'ERROR', errorMessage: 'no stock' } }),
      line(5, { type: 'platform.report', status: 'error', error_type: 'Runtime.ExitError' }),
    );
    await handler(event);
    await handler(event); // Kinesis and Lambda deliver at least once
    expect(error.mock.calls).toEqual([
      ['trouble', { function_name: 'orders', request_id: 'r2', trouble: 'timeout' }],
      ['trouble', { function_name: 'orders', request_id: 'r4', trouble: 'no stock' }],
      ['trouble', { function_name: 'orders', request_id: 'r5', trouble: 'Runtime.ExitError' }],
    ]);
  });

  test('says what it could not read, and goes on', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await handler(eventOf('{', line(6, { type: 'platform.report', status: 'timeout' })));
    expect(warn).toHaveBeenCalledOnce();
    expect(error).toHaveBeenCalledOnce();
  });
});

describe('the app', () => {
  const output = mkdtempSync(join(tmpdir(), 'complete-pipeline-'));
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  test('is synthesized by the CDK command line without an AWS account, without findings', { timeout: 180_000 }, () => {
    cdkSynth(folder, output, { CDK_VALIDATION: 'true' });
    const { Resources } = JSON.parse(readFileSync(join(output, 'CompletePipeline.template.json'), 'utf8'));
    expect(Object.keys(Resources).sort()).toEqual(Object.keys(template.toJSON().Resources).sort());
    const report = join(output, 'validation-report.json'); // of the core's own linter, which came with CDK 2.265
    const { pluginReports } = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { pluginReports: [] };
    expect(pluginReports).toEqual([]);
  });
});

describe('the README', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');

  test('names the files that are there, and links that lead somewhere', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => join(folder, link));
    const files = [...readme.matchAll(/^\| `([\w./-]+)` \|/gm)].map(([, file = '']) => join(folder, file));
    expect(files.length).toBeGreaterThanOrEqual(6);
    expect([...links, ...files].filter((path) => !existsSync(path))).toEqual([]);
  });

  test('names the outputs of the stack', () => {
    for (const output of Object.keys(template.toJSON().Outputs)) expect(readme).toContain(`<${output}>`);
  });
});
