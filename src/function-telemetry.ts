import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct, IMixin } from 'constructs';
import type { ExtensionOptions } from './extension-options';
import type { IKinesisTelemetryExtension } from './kinesis-telemetry-extension-ref';
import { kindRefusal } from './private/function-refusal';
import { isAttachable } from './private/function-target';
import { partsOf } from './private/telemetry-parts';
import { isOptedOut, isProviderFunction } from './private/tree-membership';

/**
 * A mixin that attaches a telemetry extension to functions: `fn.with(new FunctionTelemetry(telemetry))` for one,
 * `Mixins.of(scope).apply(new FunctionTelemetry(telemetry))` for all below a scope.
 *
 * Like every mixin it passes over constructs it does not support: everything but functions with a Node.js runtime
 * and a .zip package, CDK's own custom-resource providers, and functions tagged `kinesis-telemetry: off` (on the
 * function or on something above it). `Mixins.of(scope).requireAny()` makes it an error when none is left. On
 * functions it does support it fails like `addToFunction`.
 *
 * @example
 * const telemetry = new KinesisTelemetryExtension(this, 'Telemetry');
 *
 * Mixins.of(this).requireAny().apply(new FunctionTelemetry(telemetry));
 */
export class FunctionTelemetry implements IMixin {
  /**
   * @param telemetry the extension, made in this app or imported
   * @param overrides options for these functions alone
   */
  constructor(
    private readonly telemetry: IKinesisTelemetryExtension,
    private readonly overrides?: ExtensionOptions,
  ) {}

  /**
   * Whether the mixin can be applied to this construct.
   *
   * @param construct any construct
   */
  public supports(construct: IConstruct): boolean {
    if (!isAttachable(construct) || isProviderFunction(construct) || isOptedOut(construct)) return false;
    return kindRefusal(construct, partsOf(this.telemetry)) === undefined;
  }

  /**
   * Attaches the extension to the function.
   *
   * @param construct a construct that the mixin supports
   */
  public applyTo(construct: IConstruct): void {
    this.telemetry.addToFunction(construct as lambda.IFunction, this.overrides);
  }
}
