import { CfnResource, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** What `Function`, `NodejsFunction` and `SingletonFunction` have in common, and imported functions lack. */
export interface AttachableFunction extends lambda.IFunction {
  readonly runtime: lambda.Runtime;
  addLayers(...layers: lambda.ILayerVersion[]): void;
  addEnvironment(key: string, value: string): unknown;
}

/** Structural, because a SingletonFunction is no `instanceof Function`. */
export function isAttachable(candidate: IConstruct): candidate is AttachableFunction {
  const fn = candidate as Partial<AttachableFunction>;
  return (
    typeof fn.addLayers === 'function' &&
    typeof fn.addEnvironment === 'function' &&
    typeof fn.functionArn === 'string' &&
    fn.runtime !== undefined
  );
}

/** The variables that stand on the function now. Values are resolved; empty when there are none. */
export function environmentOf(fn: AttachableFunction): Record<string, unknown> {
  const environment = renderedProperty(fn, 'environment') as { variables?: Record<string, unknown> } | undefined;
  return environment?.variables ?? {};
}

/** The ARNs of the layers that stand on the function now, resolved. */
export function layersOf(fn: AttachableFunction): unknown[] {
  const layers = renderedProperty(fn, 'layers');
  return Array.isArray(layers) ? layers : [];
}

/** Whether two values are rendered alike in the stack of the function. */
export function rendersAlike(fn: AttachableFunction, a: unknown, b: unknown): boolean {
  const stack = Stack.of(fn);
  return JSON.stringify(stack.resolve(a)) === JSON.stringify(stack.resolve(b));
}

/**
 * Reads the L1, which is public API: the maps inside `Function` are private and have changed shape between releases.
 * `permissionsNode` is the function's own node, for a SingletonFunction that of the one function behind it.
 */
function renderedProperty(fn: AttachableFunction, property: 'environment' | 'layers'): unknown {
  const resource = fn.permissionsNode.defaultChild;
  if (!CfnResource.isCfnResource(resource) || resource.cfnResourceType !== 'AWS::Lambda::Function') return undefined;
  return Stack.of(resource).resolve((resource as lambda.CfnFunction)[property]);
}
