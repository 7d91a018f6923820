import { Names, type RemovalPolicy, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { layerZipPath } from './asset-path';
import { telemetryError } from './errors';

/** Where the extension is tested. Only declared: see below. */
const COMPATIBLE_RUNTIMES = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'];

/** The layer over the zip that ships with this package, the same bytes for both architectures. */
export function createExtensionLayer(
  scope: Construct,
  id: string,
  props: { readonly layerVersionName?: string; readonly removalPolicy?: RemovalPolicy },
): lambda.LayerVersion {
  const layer = new lambda.LayerVersion(scope, id, {
    code: lambda.Code.fromAsset(layerZipPath(scope)),
    // CDK derives the name from the logical id, which two stacks can share (aws/aws-cdk#18563)
    layerVersionName: layerName(scope, props.layerVersionName) ?? Names.uniqueResourceName(scope, { maxLength: 64 }),
    description: "Streams a function's own telemetry to Amazon Kinesis (cdk-kinesis-telemetry-extension)",
    license: 'Apache-2.0',
    compatibleArchitectures: [lambda.Architecture.X86_64, lambda.Architecture.ARM_64],
    removalPolicy: props.removalPolicy,
  });
  // On the L1, for information: on the L2 the list would make addLayers refuse every Node.js runtime to come.
  (layer.node.defaultChild as lambda.CfnLayerVersion).compatibleRuntimes = COMPATIBLE_RUNTIMES;
  return layer;
}

function layerName(scope: Construct, name: string | undefined): string | undefined {
  if (name === undefined || Token.isUnresolved(name) || /^[a-zA-Z0-9_-]{1,64}$/.test(name)) return name;
  throw telemetryError(scope, {
    code: 'KTE_LAYER_NAME',
    wrong: 'Lambda does not accept this layerVersionName',
    found: JSON.stringify(name),
    allowed: '1 to 64 of a-z A-Z 0-9 _ -',
    instead: 'choose another name, or leave it out for a generated one',
  });
}
