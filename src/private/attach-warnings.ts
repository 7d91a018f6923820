import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { runsNode } from './function-refusal';
import type { AttachableFunction } from './function-target';
import type { TelemetryParts } from './telemetry-parts';
import { WARNING, warn } from './warnings';

const OLDEST_TESTED = 20;

export function warnOnRuntime(fn: AttachableFunction): void {
  const { name } = fn.runtime;
  if (runsNode(fn.runtime) === 'unknown') {
    warn(
      fn,
      WARNING.unknownRuntime,
      `cannot tell whether the runtime ${name} has Node.js, which the extension runs on; if it has not, no telemetry is sent`,
    );
  } else if (Number(/^nodejs(\d+)/.exec(name)?.[1] ?? OLDEST_TESTED) < OLDEST_TESTED) {
    warn(
      fn,
      WARNING.oldRuntime,
      `the extension is tested on nodejs${OLDEST_TESTED}.x and newer, this function runs on ${name}`,
    );
  }
}

/** The layer is replaced at each release, and CloudFormation keeps an exported value from changing while it is used. */
export function warnOnExport({ scope, layerVersion }: TelemetryParts, fn: AttachableFunction): void {
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
