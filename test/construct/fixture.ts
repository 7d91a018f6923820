import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { afterAll } from 'vitest';

process.env.CDK_VALIDATION ??= 'false'; // the core's own template linter: 2 s a synth, kept for rule-packs.test.ts

// Every `new App()` leaves a folder with its assembly in the temporary directory.
const { TMPDIR } = process.env;
const assemblies = mkdtempSync(join(tmpdir(), 'construct-tests-'));
process.env.TMPDIR = assemblies;
afterAll(() => {
  rmSync(assemblies, { recursive: true, force: true });
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
});

export const HERE = { account: '111111111111', region: 'eu-west-1' };

export function newStack(props?: StackProps, app = new App()): Stack {
  return new Stack(app, 'Stack', props);
}

export function newFunction(scope: Construct, id = 'Function', props: Partial<lambda.FunctionProps> = {}) {
  return new lambda.Function(scope, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
    ...props,
  });
}

/** One whose code is a container image. */
export function newImageFunction(scope: Construct, id = 'Function', props: lambda.FunctionOptions = {}) {
  const repository = ecr.Repository.fromRepositoryName(scope, `${id}Repository`, 'mine');
  return new lambda.DockerImageFunction(scope, id, { code: lambda.DockerImageCode.fromEcr(repository), ...props });
}

export function templateOf(construct: IConstruct): Template {
  return Template.fromStack(Stack.of(construct));
}

/** The properties of the one function of the stack whose logical id begins with `id`. */
// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
export function functionProperties(construct: IConstruct, id = 'Function'): any {
  const functions = templateOf(construct).findResources('AWS::Lambda::Function');
  const found = Object.entries(functions).filter(([logicalId]) => logicalId.startsWith(id));
  if (found.length !== 1) throw new Error(`${found.length} functions begin with ${id}: ${Object.keys(functions)}`);
  return found[0]?.[1].Properties;
}

/** The variables of the extension on that function. */
export function variablesOf(construct: IConstruct, id?: string): Record<string, unknown> {
  const variables: Record<string, unknown> = functionProperties(construct, id).Environment?.Variables ?? {};
  return Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('KINESIS_TELEMETRY_')));
}

/** The texts of this library's warnings with this id, on or below the stack of the construct. */
export function warningsOf(construct: IConstruct, id: string): string[] {
  return Annotations.fromStack(Stack.of(construct))
    .findWarning('*', Match.stringLikeRegexp(`cdk-kinesis-telemetry-extension:${id}\\]`))
    .map((message) => String(message.entry.data));
}

export function logicalId(resource: IConstruct | undefined): string {
  return Stack.of(resource as IConstruct).getLogicalId((resource as Construct).node.defaultChild as CfnResource);
}

/** The message of the error that `act` throws. */
export function errorOf(act: () => unknown): Error & { code?: string } {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
