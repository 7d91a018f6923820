import { Arn, ArnFormat, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { KinesisTelemetryExtensionAttributes } from '../kinesis-telemetry-extension-ref';
import { PermissionMode } from '../permission-mode';
import { TelemetryExtensionBase } from '../telemetry-extension-base';
import { telemetryError } from './errors';
import { extensionEnvironment } from './extension-environment';
import type { TelemetryParts } from './telemetry-parts';

/** An extension whose resources are in another stack, Region or account. */
export class ImportedTelemetryExtension extends TelemetryExtensionBase {
  public readonly stream: kinesis.IStream;
  public readonly layerVersion: lambda.ILayerVersion;
  public readonly managedPolicy?: iam.IManagedPolicy;
  public readonly _parts: TelemetryParts;

  constructor(scope: Construct, id: string, attributes: KinesisTelemetryExtensionAttributes) {
    super(scope, id);
    const { layerVersionArn, managedPolicyArn, streamArn, encryptionKeyArn, options = {} } = attributes;
    extensionEnvironment(this, options); // checks them here, where they were given
    this.stream = kinesis.Stream.fromStreamAttributes(this, 'Stream', {
      streamArn,
      encryptionKey: encryptionKeyArn ? kms.Key.fromKeyArn(this, 'Key', encryptionKeyArn) : undefined,
    });
    // attributes without runtimes: fromLayerVersionArn would have addLayers check against the runtimes CDK knows
    this.layerVersion = lambda.LayerVersion.fromLayerVersionAttributes(this, 'Layer', { layerVersionArn });
    if (managedPolicyArn) {
      this.managedPolicy = iam.ManagedPolicy.fromManagedPolicyArn(this, 'WritePolicy', managedPolicyArn);
    }
    this._parts = {
      scope: this,
      stream: this.stream,
      layerVersion: this.layerVersion,
      layerRegion: arnComponents(layerVersionArn)?.region,
      managedPolicy: this.managedPolicy,
      policyAccount: managedPolicyArn ? arnComponents(managedPolicyArn)?.account : undefined,
      permissions: this.permissionMode(attributes),
      options,
    };
  }

  private permissionMode({ permissions, managedPolicyArn }: KinesisTelemetryExtensionAttributes): PermissionMode {
    if (permissions === PermissionMode.MANAGED_POLICY && !managedPolicyArn) {
      throw telemetryError(this, {
        code: 'KTE_NO_MANAGED_POLICY',
        wrong: 'PermissionMode.MANAGED_POLICY needs a managed policy',
        found: 'no managedPolicyArn',
        allowed: 'managedPolicyArn together with MANAGED_POLICY; INLINE and NONE without',
        instead: 'give managedPolicyArn, or leave permissions out: functions then get an inline policy',
      });
    }
    return permissions ?? (managedPolicyArn ? PermissionMode.MANAGED_POLICY : PermissionMode.INLINE);
  }
}

function arnComponents(arn: string): { region?: string; account?: string } | undefined {
  return Token.isUnresolved(arn) ? undefined : Arn.split(arn, ArnFormat.COLON_RESOURCE_NAME);
}
