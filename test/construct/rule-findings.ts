import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  type NagPack,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';
import type { Construct } from 'constructs';
import { vi } from 'vitest';

/** All rule packs of cdk-nag, by their names. */
export const NAG_PACKS = {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
};

/**
 * The names of the rules that find something. Called directly: as a plugin cdk-nag 3 needs a newer core than our
 * oldest.
 */
export function nagFindings(pack: NagPack, scope: Construct): string[] {
  return pack.validateScope(scope).violations.map(({ ruleName }) => ruleName);
}

interface Report {
  readonly violations: readonly { readonly ruleName: string }[];
}

/** The same of the core's own template validation, which fixture.ts turns off. It came with CDK 2.265. */
export function coreFindings(stack: Stack): string[] {
  vi.stubEnv('CDK_VALIDATION', 'true');
  try {
    const file = join((stack.node.root as App).synth().directory, 'validation-report.json');
    if (!existsSync(file)) return []; // written when there is something to write
    const { pluginReports } = JSON.parse(readFileSync(file, 'utf8')) as { pluginReports: Report[] };
    // a report without violations is one of a plugin that has failed
    return pluginReports.flatMap((report) =>
      report.violations.length > 0 ? report.violations.map(({ ruleName }) => ruleName) : JSON.stringify(report),
    );
  } finally {
    vi.unstubAllEnvs();
  }
}
