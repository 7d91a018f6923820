import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { CompletePipelineStack } from '../../../examples/typescript/complete-pipeline/complete-pipeline-stack';
import { handler } from '../../../examples/typescript/complete-pipeline/watcher/index';
import { HERE } from '../fixture';

const root = join(__dirname, '../../..');
const folder = join(root, 'examples/typescript/complete-pipeline');
const stack = new CompletePipelineStack(new App(), 'CompletePipeline');
const template = Template.fromStack(stack);
const PACKS: Record<string, new () => NagPack> = {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
};

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

interface Acknowledgement {
  readonly path: string;
  readonly id: string;
  readonly reason: string;
}

function acknowledgementsOf(scope: Stack): Acknowledgement[] {
  return scope.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ path: node.path, id: id.replace(/^annotation::/i, ''), reason })),
  );
}

/** What a pack finds when nothing is acknowledged. */
function allFindings(pack: NagPack): { path: string; id: string }[] {
  Object.defineProperty(pack, 'isAcknowledged', { value: () => false });
  return pack
    .validateScope(stack)
    .violations.flatMap(({ ruleName: id, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ path: constructPath, id })),
    );
}

describe('cdk-nag', () => {
  test.each(Object.entries(PACKS))('has no findings that are not acknowledged: %s', (_, Pack) => {
    expect(new Pack().validateScope(stack).violations).toEqual([]);
  });

  test('has none with a fixed environment either', () => {
    const fixed = new CompletePipelineStack(new App(), 'CompletePipeline', { env: HERE });
    for (const Pack of Object.values(PACKS)) expect(new Pack().validateScope(fixed).violations).toEqual([]);
  });

  const acknowledgements = acknowledgementsOf(stack);
  const byLibrary = acknowledgements.filter(({ path }) => path.startsWith('CompletePipeline/Archive/'));

  test('every acknowledgement answers a finding at its place: none is left over', () => {
    const found = Object.values(PACKS).flatMap((Pack) => allFindings(new Pack()));
    expect(found.length).toBeGreaterThan(20);
    const idle = acknowledgements.filter(
      ({ path, id }) => !found.some((finding) => finding.id === id && `${finding.path}/`.startsWith(`${path}/`)),
    );
    expect(idle).toEqual([]);
  });

  test('every acknowledgement has a reason of substance', () => {
    expect(acknowledgements.length).toBeGreaterThan(20);
    for (const { id, reason } of acknowledgements) {
      expect(reason.split(/\s+/).length, `${id}: ${reason}`).toBeGreaterThanOrEqual(10);
      expect(reason, id).not.toMatch(/\b(todo|n\/a|false positive|not needed|example only|ignore)\b/i);
    }
  });

  test('the library itself acknowledges what nobody can do otherwise, and nothing of the bucket', () => {
    const rules = byLibrary.map(({ id }) => id.replace(/\[.*/, ''));
    expect([...new Set(rules)].sort()).toEqual([
      'AwsSolutions-IAM5',
      'AwsSolutions-KDF1',
      'HIPAA.Security-LambdaConcurrency',
      'HIPAA.Security-LambdaDLQ',
      'HIPAA.Security-LambdaInsideVPC',
      'NIST.800.53.R4-LambdaInsideVPC',
      'NIST.800.53.R5-LambdaConcurrency',
      'NIST.800.53.R5-LambdaDLQ',
      'NIST.800.53.R5-LambdaInsideVPC',
      'PCI.DSS.321-LambdaInsideVPC',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaTracing',
    ]);
  });
});

describe('the app', () => {
  const output = mkdtempSync(join(tmpdir(), 'complete-pipeline-'));
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  test('is synthesized by the CDK command line without an AWS account, without findings', { timeout: 180_000 }, () => {
    const cdk = join(createRequire(__filename).resolve('aws-cdk/package.json'), '../bin/cdk');
    const withoutAws = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
    execFileSync(process.execPath, [cdk, 'synth', '--quiet', '--no-notices', '--output', output], {
      cwd: folder,
      env: { ...Object.fromEntries(withoutAws), CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_VALIDATION: 'true' },
      stdio: 'pipe',
    });
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
