import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { telemetryError } from './errors';
import { parameterNames } from './parameter-names';

interface PublishedResources {
  readonly layerVersion: lambda.ILayerVersion;
  readonly managedPolicy?: iam.IManagedPolicy;
  readonly stream: kinesis.IStream;
}

const PREFIXES = Symbol.for('cdk-kinesis-telemetry-extension.parameter-prefixes');

/** Writes the SSM parameters that `fromParameters`, other tools and other accounts' pipelines read. */
export function publishParameters(scope: Construct, prefix: string | undefined, resources: PublishedResources): void {
  const names = parameterNames(scope, prefix);
  refuseTakenNames(scope, names.streamArn);
  const { layerVersion, managedPolicy, stream } = resources;
  publish(scope, 'ExtensionArnParameter', names.layerVersionArn, layerVersion.layerVersionArn, 'Lambda layer version');
  publish(scope, 'StreamArnParameter', names.streamArn, stream.streamArn, 'Kinesis data stream');
  if (managedPolicy) {
    const arn = managedPolicy.managedPolicyArn;
    publish(scope, 'PolicyArnParameter', names.managedPolicyArn, arn, 'IAM policy of the functions');
  }
}

function publish(scope: Construct, id: string, parameterName: string, stringValue: string, what: string): void {
  const description = `${what} of cdk-kinesis-telemetry-extension`;
  new ssm.StringParameter(scope, id, { parameterName, stringValue, description, simpleName: false });
}

/** Two extensions in one stack with one prefix would fail only at deployment, with "already exists". */
function refuseTakenNames(scope: Construct, name: string): void {
  const stack = Stack.of(scope) as Stack & { [PREFIXES]?: Map<string, string> };
  const taken = stack[PREFIXES] ?? new Map<string, string>();
  const owner = taken.get(name);
  if (owner !== undefined) {
    throw telemetryError(scope, {
      code: 'KTE_PARAMETER_PREFIX',
      wrong: 'another KinesisTelemetryExtension of this stack has the same parameterPrefix',
      found: `${name}, published by ${owner}`,
      allowed: 'one prefix for each KinesisTelemetryExtension of an account and Region',
      instead: 'give this one a parameterPrefix of its own, or parameters: false',
    });
  }
  taken.set(name, scope.node.path);
  Object.defineProperty(stack, PREFIXES, { value: taken, enumerable: false, configurable: true });
}
