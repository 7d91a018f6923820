import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { KinesisTelemetryExtensionProps } from './kinesis-telemetry-extension-props';
import type {
  IKinesisTelemetryExtension,
  KinesisTelemetryExtensionAttributes,
  KinesisTelemetryExtensionParameterAttributes,
} from './kinesis-telemetry-extension-ref';
import { PermissionMode } from './permission-mode';
import { telemetryError } from './private/errors';
import { extensionEnvironment } from './private/extension-environment';
import { createExtensionLayer } from './private/extension-layer';
import { ImportedTelemetryExtension } from './private/imported-telemetry-extension';
import { parameterNames } from './private/parameter-names';
import { allowProducers } from './private/stream-producers';
import { publishParameters } from './private/telemetry-parameters';
import type { TelemetryParts } from './private/telemetry-parts';
import { telemetryStream } from './private/telemetry-stream';
import { writeStatements } from './private/write-statements';
import { TelemetryExtensionBase } from './telemetry-extension-base';

/**
 * Streams the telemetry of Lambda functions (their logs, and the platform's start, runtimeDone and report events) to
 * an Amazon Kinesis data stream, by an extension in a layer.
 *
 * Creates a stream (or takes yours), the layer, a managed policy with `kinesis:PutRecords` on that stream, and SSM
 * parameters by which other stacks find the three.
 *
 * @example
 * const telemetry = new KinesisTelemetryExtension(this, 'Telemetry');
 * telemetry.addToFunction(fn);
 */
export class KinesisTelemetryExtension extends TelemetryExtensionBase {
  /**
   * Uses an extension that was made elsewhere, by its ARNs; also for a stream in another account or Region. Fails at
   * synth where the policy is asked for and not given (`KTE_NO_MANAGED_POLICY`), and for options out of range
   * (`KTE_OPTION`).
   *
   * @param scope the construct that bears the import
   * @param id its id
   * @param attributes the ARNs
   */
  public static fromAttributes(
    scope: Construct,
    id: string,
    attributes: KinesisTelemetryExtensionAttributes,
  ): IKinesisTelemetryExtension {
    return new ImportedTelemetryExtension(scope, id, attributes);
  }

  /**
   * Uses an extension that another stack of this account and Region has published in SSM parameters. Their values are
   * read at each deployment: a new version of the layer arrives with the next one. The template does not show it, so a
   * version made from `currentVersion` changes only together with something else.
   *
   * Unlike a reference from stack to stack this puts no lock on the stack that owns the layer.
   *
   * @param scope the construct that bears the import
   * @param id its id
   * @param attributes where the parameters are
   */
  public static fromParameters(
    scope: Construct,
    id: string,
    attributes: KinesisTelemetryExtensionParameterAttributes = {},
  ): IKinesisTelemetryExtension {
    const { parameterPrefix, encryptionKeyArn, options, permissions = PermissionMode.MANAGED_POLICY } = attributes;
    const names = parameterNames(scope, parameterPrefix);
    const parameter = (name: string) => ssm.StringParameter.valueForStringParameter(scope, name);
    return new ImportedTelemetryExtension(scope, id, {
      layerVersionArn: parameter(names.layerVersionArn),
      streamArn: parameter(names.streamArn),
      managedPolicyArn: permissions === PermissionMode.MANAGED_POLICY ? parameter(names.managedPolicyArn) : undefined,
      encryptionKeyArn,
      permissions,
      options,
    });
  }

  /**
   * The stream that receives the telemetry.
   */
  public readonly stream: kinesis.IStream;

  /**
   * The layer with the extension.
   */
  public readonly layerVersion: lambda.ILayerVersion;

  /**
   * The policy that lets functions write to the stream; undefined unless `permissions` is MANAGED_POLICY.
   */
  public readonly managedPolicy?: iam.IManagedPolicy;

  /** @internal */
  public readonly _parts: TelemetryParts;

  /**
   * Fails at synth, with the code in the message, for a stream and props of a new one together (`KTE_STREAM`), for names
   * that AWS does not take (`KTE_LAYER_NAME`, `KTE_PARAMETER_PREFIX`), for the name of a policy that is not made
   * (`KTE_NO_MANAGED_POLICY`), for producers that could not write (`KTE_PRODUCERS`, `KTE_PRODUCER_KEY`), for options out
   * of range (`KTE_OPTION`), and where the layer is not in the package (`KTE_ASSET_MISSING`).
   *
   * @param scope the construct that bears the extension
   * @param id its id
   * @param props all optional
   */
  constructor(scope: Construct, id: string, props: KinesisTelemetryExtensionProps = {}) {
    super(scope, id);
    const { permissions = PermissionMode.MANAGED_POLICY, options = {}, parameters = true } = props;
    extensionEnvironment(this, options); // checks them here, where they were given
    this.stream = telemetryStream(this, 'Stream', props.stream, props.streamProps);
    allowProducers(this, this.stream, props.producerAccounts, props.producerOrganizations);
    this.layerVersion = createExtensionLayer(this, 'Layer', {
      layerVersionName: props.layerVersionName,
      removalPolicy: props.layerRemovalPolicy,
    });
    this.managedPolicy = this.createPolicy(permissions, props.managedPolicyName);
    if (parameters) publishParameters(this, props.parameterPrefix, this);

    const { account, region } = Stack.of(this);
    this._parts = {
      scope: this,
      stream: this.stream,
      layerVersion: this.layerVersion,
      layerRegion: region,
      managedPolicy: this.managedPolicy,
      policyAccount: account,
      permissions,
      options,
    };
  }

  private createPolicy(permissions: PermissionMode, managedPolicyName?: string): iam.ManagedPolicy | undefined {
    if (permissions === PermissionMode.MANAGED_POLICY) {
      return new iam.ManagedPolicy(this, 'WritePolicy', {
        managedPolicyName,
        description: 'Lets Lambda functions write their telemetry to the Kinesis data stream',
        statements: writeStatements(this.stream),
      });
    }
    if (managedPolicyName === undefined) return undefined;
    throw telemetryError(this, {
      code: 'KTE_NO_MANAGED_POLICY',
      wrong: '"managedPolicyName" is given, but this permission mode makes no managed policy',
      found: `permissions ${permissions}`,
      allowed: '"managedPolicyName" with PermissionMode.MANAGED_POLICY only',
      instead: 'take "managedPolicyName" out, or use PermissionMode.MANAGED_POLICY',
    });
  }
}
