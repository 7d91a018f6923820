import type { AttachableFunction } from './function-target';

/** `Symbol.for`: two copies of this library in one app recognise each other's work. */
const ATTACHMENT = Symbol.for('cdk-kinesis-telemetry-extension.attachment');

/** The variables that were written when the extension was attached to the function; undefined when it was not. */
export function attachmentOf(fn: AttachableFunction): Record<string, string> | undefined {
  return (fn.permissionsNode as { [ATTACHMENT]?: Record<string, string> })[ATTACHMENT];
}

export function markAttached(fn: AttachableFunction, environment: Record<string, string>): void {
  Object.defineProperty(fn.permissionsNode, ATTACHMENT, { value: environment, enumerable: false });
}
