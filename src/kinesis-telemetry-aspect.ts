import { AspectPriority, Aspects, type IAspect } from 'aws-cdk-lib';
import type { IConstruct, Node } from 'constructs';
import type { ExtensionOptions } from './extension-options';
import type { IKinesisTelemetryExtension } from './kinesis-telemetry-extension-ref';
import { afterAspects } from './private/after-aspects';
import { attach, attachRefusal } from './private/attach';
import { attachmentOf } from './private/attachment';
import { type AttachableFunction, isAttachable } from './private/function-target';
import { partsOf } from './private/telemetry-parts';
import { isOptedOut, isProviderFunction } from './private/tree-membership';
import { WARNING, warn } from './private/warnings';

/**
 * Properties of `KinesisTelemetryAspect`.
 */
export interface KinesisTelemetryAspectProps {
  /**
   * Options for the functions below the scope.
   *
   * @default - the options of the extension
   */
  readonly overrides?: ExtensionOptions;

  /**
   * Whether CDK's own functions (the handlers of custom resources) get the extension too.
   *
   * @default false
   */
  readonly includeProviders?: boolean;
}

/**
 * Attaches a telemetry extension to every function below a scope, also to those that are added later, by you or by
 * constructs you use.
 *
 * Passes over functions to which the extension is attached already (their own options stay), those tagged
 * `kinesis-telemetry: off` (on the function or on something above it), CDK's own custom-resource providers, and
 * those that cannot take it: images, other runtimes, Lambda@Edge, five layers, a variable that is taken. The last
 * kind is listed with its reasons in one warning (`cdk-kinesis-telemetry-extension:aspect-skipped`), and a scope in
 * which nothing matched gets one too (`cdk-kinesis-telemetry-extension:aspect-matched-nothing`). Acknowledge them on
 * the stack of the extension, or on something above it.
 *
 * CDK's Aspects do not reach into a `Stage`: add it to each stage.
 *
 * @example
 * const telemetry = new KinesisTelemetryExtension(this, 'Telemetry');
 *
 * KinesisTelemetryAspect.addTo(this, telemetry);
 * Tags.of(fn).add('kinesis-telemetry', 'off'); // this one is left out
 */
export class KinesisTelemetryAspect implements IAspect {
  /**
   * Adds the Aspect to a scope with the priority of Aspects that change constructs (`AspectPriority.MUTATING`).
   *
   * @param scope a construct, a stack or an app
   * @param telemetry the extension, made in this app or imported
   * @param props options for the functions, and which of them
   */
  public static addTo(
    scope: IConstruct,
    telemetry: IKinesisTelemetryExtension,
    props: KinesisTelemetryAspectProps = {},
  ): void {
    const aspect = new KinesisTelemetryAspect(telemetry, props);
    Aspects.of(scope).add(aspect, { priority: AspectPriority.MUTATING });
  }

  private readonly roots: IConstruct[] = [];
  private readonly seen = new Set<Node>();
  private readonly attached: IConstruct[] = [];
  private readonly skipped: { readonly fn: IConstruct; readonly reason: string }[] = [];

  /**
   * @param telemetry the extension, made in this app or imported
   * @param props options for the functions, and which of them
   */
  constructor(
    private readonly telemetry: IKinesisTelemetryExtension,
    private readonly props: KinesisTelemetryAspectProps = {},
  ) {}

  /**
   * Called by CDK for each construct below the scope.
   *
   * @param node the construct
   */
  public visit(node: IConstruct): void {
    this.reportAfter(node);
    if (!isAttachable(node) || this.seen.has(node.permissionsNode)) return;
    this.seen.add(node.permissionsNode); // a SingletonFunction is visited, and so is the function behind it
    if (isOptedOut(node) || (isProviderFunction(node) && !this.props.includeProviders)) return;
    this.attachOrSkip(node);
  }

  private attachOrSkip(fn: AttachableFunction): void {
    const parts = partsOf(this.telemetry);
    if (attachmentOf(fn) === undefined) {
      const refusal = attachRefusal(parts, fn, this.props.overrides);
      if (refusal) {
        this.skipped.push({ fn, reason: `${refusal.wrong} (${refusal.found}; ${refusal.code})` });
        return;
      }
      attach(parts, fn, this.props.overrides);
    }
    this.attached.push(fn);
  }

  /** An Aspect is not told when it is done, but validation comes after all Aspects. */
  private reportAfter(node: IConstruct): void {
    if (this.roots.some((root) => node.node.scopes.includes(root))) return;
    this.roots.push(node);
    afterAspects(node, () => this.report(node));
  }

  /** On the extension's own construct, not on a stack: there CDK 2.257 would show it even when acknowledged. */
  private report(root: IConstruct): void {
    const { scope } = partsOf(this.telemetry);
    const below = (fn: IConstruct) => fn.node.scopes.includes(root);
    const lines = this.skipped.filter(({ fn }) => below(fn)).map(({ fn, reason }) => `${fn.node.path}: ${reason}`);
    if (lines.length > 0) warn(scope, WARNING.aspectSkipped, ['telemetry is not attached to', ...lines].join('\n  '));
    if (this.attached.some(below)) return;
    const where = root.node.path || 'the app';
    warn(scope, WARNING.aspectMatchedNothing, `KinesisTelemetryAspect found no function below ${where} to attach to`);
  }
}
