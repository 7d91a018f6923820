import { App, type Stack } from 'aws-cdk-lib';
import type { NagPack } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { CompletePipelineStack } from '../../../examples/typescript/complete-pipeline/complete-pipeline-stack';
import { HERE } from '../fixture';
import { NAG_PACKS, nagFindings } from '../rule-findings';

const stack = new CompletePipelineStack(new App(), 'CompletePipeline');

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
  test.each(Object.entries(NAG_PACKS))('has no findings that are not acknowledged: %s', (_, Pack) => {
    expect(nagFindings(new Pack(), stack)).toEqual([]);
  });

  test('has none with a fixed environment either', () => {
    const fixed = new CompletePipelineStack(new App(), 'CompletePipeline', { env: HERE });
    for (const Pack of Object.values(NAG_PACKS)) expect(nagFindings(new Pack(), fixed)).toEqual([]);
  });

  const acknowledgements = acknowledgementsOf(stack);
  const byLibrary = acknowledgements.filter(({ path }) => path.startsWith('CompletePipeline/Archive/'));

  test('every acknowledgement answers a finding at its place: none is left over', () => {
    const found = Object.values(NAG_PACKS).flatMap((Pack) => allFindings(new Pack()));
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
