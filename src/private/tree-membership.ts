import { Aspects, Tag } from 'aws-cdk-lib';
import type { AttachableFunction } from './function-target';

export const OPT_OUT_TAG = 'kinesis-telemetry';
export const OPT_OUT_VALUE = 'off';

/**
 * Whether the function, or something above it, carries the tag that keeps it out; the nearest tag decides. Tags are
 * Aspects themselves and may come after ours, so they are looked up where they are declared.
 */
export function isOptedOut(fn: AttachableFunction): boolean {
  const scopes = (fn.permissionsNode.defaultChild ?? fn).node.scopes;
  for (const scope of [...scopes].reverse()) {
    const tags = Aspects.of(scope).all.filter(
      (aspect): aspect is Tag => aspect instanceof Tag && aspect.key === OPT_OUT_TAG,
    );
    const nearest = tags[tags.length - 1];
    if (nearest) return nearest.value === OPT_OUT_VALUE;
  }
  return false;
}

const HANDLER_MARK = 'aws:cdk:is-custom-resource-handler'; // aws-cdk-lib/custom-resources/lib/custom-resource-config
const FRAMEWORK_FUNCTION = /^framework-(onEvent|isComplete|onTimeout)$/; // children of custom_resources.Provider

/** Functions that CDK brings along for its custom resources: a deployment depends on them, and they are not the user's. */
export function isProviderFunction(fn: AttachableFunction): boolean {
  const { id, metadata } = fn.permissionsNode;
  return FRAMEWORK_FUNCTION.test(id) || metadata.some(({ type }) => type.startsWith(HANDLER_MARK));
}
