import { Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ExtensionOptions } from '../extension-options';
import { attachmentOf, markAttached } from './attachment';
import { type Complaint, telemetryError } from './errors';
import { extensionEnvironment, VARIABLE } from './extension-environment';
import { givePermissions } from './function-permissions';
import { functionRefusal, runsNode } from './function-refusal';
import { type AttachableFunction, environmentOf, isAttachable, layersOf, rendersAlike } from './function-target';
import { mergeOptions } from './merge-options';
import { streamReference } from './stream-reference';
import type { TelemetryParts } from './telemetry-parts';
import { WARNING, warn } from './warnings';

/** Attaches layer, variables and policy. Everything is checked before anything is changed. */
export function attach(telemetry: TelemetryParts, fn: lambda.IFunction, overrides?: ExtensionOptions): void {
  const refusal = attachRefusal(telemetry, fn, overrides);
  if (refusal) throw telemetryError(fn, refusal);
  if (!isAttachable(fn) || attachmentOf(fn)) return;

  const environment = environmentFor(telemetry, fn, overrides);
  givePermissions(fn, telemetry);
  const arn = telemetry.layerVersion.layerVersionArn;
  if (!layersOf(fn).some((layer) => rendersAlike(fn, layer, arn))) fn.addLayers(telemetry.layerVersion);
  for (const [name, value] of Object.entries(environment)) fn.addEnvironment(name, value);
  markAttached(fn, environment);
  warnOnRuntime(fn);
  warnOnExport(telemetry, fn);
}

/** Why the extension cannot be attached to this construct; undefined when it can, or already is in this very way. */
export function attachRefusal(
  telemetry: TelemetryParts,
  candidate: IConstruct,
  overrides?: ExtensionOptions,
): Complaint | undefined {
  const refusal = functionRefusal(candidate, telemetry);
  if (refusal || !isAttachable(candidate)) return refusal;
  const environment = environmentFor(telemetry, candidate, overrides);
  const attached = attachmentOf(candidate);
  return attached
    ? attachedRefusal(candidate, attached, environment, overrides !== undefined)
    : variableRefusal(candidate, environment);
}

function environmentFor(telemetry: TelemetryParts, fn: AttachableFunction, overrides?: ExtensionOptions) {
  return {
    [VARIABLE.stream]: streamReference(telemetry.stream, fn),
    ...extensionEnvironment(fn, mergeOptions(telemetry.options, overrides)),
  };
}

/** A repeated call without overrides asks for nothing beyond what is there, as long as the stream is the same. */
function attachedRefusal(
  fn: AttachableFunction,
  before: Record<string, string>,
  now: Record<string, string>,
  hasOverrides: boolean,
): Complaint | undefined {
  const names = hasOverrides ? [...new Set([...Object.keys(before), ...Object.keys(now)])] : [VARIABLE.stream];
  const differing = names.filter((name) => !rendersAlike(fn, before[name], now[name]));
  if (differing.length === 0) return undefined;
  return {
    code: 'KTE_ALREADY_ATTACHED',
    wrong: 'a telemetry extension is attached to this function already, with other settings',
    found: `a second call that differs in ${differing.join(', ')}`,
    allowed:
      'one stream and one set of options a function; a repeated call with the same ones, or without any, does nothing',
    instead: 'attach once, with all overrides in that call',
  };
}

/** CDK's addEnvironment overwrites in silence: what somebody else has set is not ours to replace. */
function variableRefusal(fn: AttachableFunction, environment: Record<string, string>): Complaint | undefined {
  const standing = environmentOf(fn);
  for (const [name, value] of Object.entries(environment)) {
    if (!(name in standing) || rendersAlike(fn, standing[name], value)) continue;
    return {
      code: 'KTE_VARIABLE_TAKEN',
      wrong: `the function has an environment variable ${name} with another value`,
      found: JSON.stringify(standing[name]),
      allowed: `${name} unset, or ${JSON.stringify(Stack.of(fn).resolve(value))}`,
      instead: 'take the variable out of the function and give the value as an option of addToFunction',
    };
  }
  return undefined;
}

function warnOnRuntime(fn: AttachableFunction): void {
  const { name } = fn.runtime;
  if (runsNode(fn.runtime) === 'unknown') {
    warn(
      fn,
      WARNING.unknownRuntime,
      `cannot tell whether the runtime ${name} has Node.js, which the extension runs on; if it has not, no telemetry is sent`,
    );
  } else if (Number(/^nodejs(\d+)/.exec(name)?.[1] ?? 20) < 20) {
    warn(fn, WARNING.oldRuntime, `the extension is tested on nodejs20.x and newer, this function runs on ${name}`);
  }
}

/** The layer is replaced at each release, and CloudFormation keeps an exported value from changing while it is used. */
function warnOnExport({ scope, layerVersion }: TelemetryParts, fn: AttachableFunction): void {
  const [from, to] = [topLevelStack(layerVersion), topLevelStack(fn)];
  const owned = layerVersion.node.defaultChild !== undefined;
  if (!owned || from === to) return;
  warn(
    scope,
    WARNING.crossStackLayer,
    `the layer is in stack ${from.node.path}, functions that use it in ${to.node.path}: the export of its ARN keeps the layer from being updated; use KinesisTelemetryExtension.fromParameters in ${to.node.path}, or a KinesisTelemetryExtension of its own with the same stream`,
  );
}

function topLevelStack(construct: IConstruct): Stack {
  const stack = Stack.of(construct);
  return stack.nestedStackParent ? topLevelStack(stack.nestedStackParent) : stack;
}
