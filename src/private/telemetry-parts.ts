import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ExtensionOptions } from '../extension-options';
import type { IKinesisTelemetryExtension } from '../kinesis-telemetry-extension-ref';
import type { PermissionMode } from '../permission-mode';

/** What attaching needs to know of a telemetry extension, made in this app or imported. */
export interface TelemetryParts {
  /** Bears the warnings that concern no single function. */
  readonly scope: IConstruct;
  readonly stream: kinesis.IStream;
  readonly layerVersion: lambda.ILayerVersion;
  /** Region of the layer; undefined where it cannot be known at synth. */
  readonly layerRegion?: string;
  readonly managedPolicy?: iam.IManagedPolicy;
  /** Account of the managed policy; undefined where it cannot be known at synth. */
  readonly policyAccount?: string;
  readonly permissions: PermissionMode;
  readonly options: ExtensionOptions;
}

/** The interface has two implementations, both of this library and with these parts. */
export function partsOf(telemetry: IKinesisTelemetryExtension): TelemetryParts {
  return (telemetry as IKinesisTelemetryExtension & { readonly _parts: TelemetryParts })._parts;
}
