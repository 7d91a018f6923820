import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { Complaint } from './errors';
import { type AttachableFunction, isAttachable, layersOf, rendersAlike } from './function-target';
import { likeness } from './likeness';
import type { TelemetryParts } from './telemetry-parts';

const MAX_LAYERS = 5; // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const OTHER_RUNTIMES = /^(python|java|dotnet|ruby|go|provided)/;
const ATTACHABLE =
  'functions defined in this app with a Node.js runtime and a .zip package (Function, NodejsFunction, SingletonFunction)';

/** Why a layer cannot be attached to this function; undefined when it can. */
export function functionRefusal(fn: IConstruct, telemetry: TelemetryParts): Complaint | undefined {
  return kindRefusal(fn, telemetry) ?? (isAttachable(fn) ? layerRefusal(fn, telemetry) : undefined);
}

/** Why a function cannot carry the extension in its image; undefined when it can. */
export function imageFunctionRefusal(fn: IConstruct, telemetry: TelemetryParts): Complaint | undefined {
  const refusal = commonRefusal(fn, telemetry);
  if (refusal || !isAttachable(fn) || fn.runtime.name === lambda.Runtime.FROM_IMAGE.name) return refusal;
  return {
    code: 'KTE_NOT_AN_IMAGE',
    wrong: 'this function is not deployed as a container image',
    found: `runtime ${fn.runtime.name}`,
    allowed: 'DockerImageFunction, or a Function with Runtime.FROM_IMAGE',
    instead: 'call addToFunction, which gives it the layer',
  };
}

/** Why functions of this kind cannot take the extension, whatever stands on this one. */
export function kindRefusal(fn: IConstruct, telemetry: TelemetryParts): Complaint | undefined {
  const refusal = commonRefusal(fn, telemetry);
  if (refusal || !isAttachable(fn)) return refusal;
  if (fn.runtime.name === lambda.Runtime.FROM_IMAGE.name) return imageRefusal();
  return runsNode(fn.runtime) === 'no' ? runtimeRefusal(fn.runtime) : undefined;
}

function commonRefusal(fn: IConstruct, telemetry: TelemetryParts): Complaint | undefined {
  if (isTrustedByEdge(fn)) return edgeRefusal();
  if ('aliasName' in fn || ('version' in fn && 'lambda' in fn)) return versionRefusal(fn);
  return isAttachable(fn) ? undefined : importedRefusal(fn, telemetry);
}

/** Judged by family, not by a list of names: a Node.js runtime newer than this release is as good. */
export function runsNode(runtime: lambda.Runtime): 'yes' | 'no' | 'unknown' {
  if (runtime.family !== undefined) return runtime.family === lambda.RuntimeFamily.NODEJS ? 'yes' : 'no';
  if (Token.isUnresolved(runtime.name)) return 'unknown';
  if (runtime.name.startsWith('nodejs')) return 'yes';
  return OTHER_RUNTIMES.test(runtime.name) ? 'no' : 'unknown';
}

function edgeRefusal(): Complaint {
  return {
    code: 'KTE_EDGE_FUNCTION',
    wrong: 'Lambda@Edge functions take neither layers nor environment variables',
    found: 'an EdgeFunction: its role trusts edgelambda.amazonaws.com',
    allowed: ATTACHABLE,
    instead: "leave this function out; CloudFront's real-time logs can go to a Kinesis data stream of their own",
  };
}

/** EdgeFunction may put a plain Function into a stack in us-east-1: only the trust of its role gives that one away. */
function isTrustedByEdge(fn: IConstruct): boolean {
  const { lambda: inner = fn } = fn as { lambda?: IConstruct }; // EdgeFunction itself has no role
  const role = (inner as Partial<lambda.IFunction>).role?.node.defaultChild;
  if (!CfnResource.isCfnResource(role) || role.cfnResourceType !== 'AWS::IAM::Role') return false;
  const trust = Stack.of(role).resolve(
    (role as CfnResource & { assumeRolePolicyDocument?: unknown }).assumeRolePolicyDocument,
  );
  return JSON.stringify(trust ?? '').includes('edgelambda.amazonaws.com');
}

function versionRefusal(fn: IConstruct): Complaint {
  const isAlias = 'aliasName' in fn;
  return {
    code: 'KTE_VERSION_OR_ALIAS',
    wrong: 'layers and variables belong to a function, not to its versions and aliases',
    found: isAlias ? 'an alias' : 'a version',
    allowed: ATTACHABLE,
    instead: `pass the function itself: ${isAlias ? 'alias.version.lambda' : 'version.lambda'}; a version made from currentVersion takes the layer along`,
  };
}

function importedRefusal(fn: IConstruct, { layerVersion, managedPolicy, stream }: TelemetryParts): Complaint {
  const policy = managedPolicy && shown(managedPolicy.managedPolicyArn, 'managedPolicy.managedPolicyArn');
  return {
    code: 'KTE_IMPORTED_FUNCTION',
    wrong: 'an imported function cannot be changed from this app',
    found: `${fn.constructor.name} without addLayers and addEnvironment`,
    allowed: ATTACHABLE,
    instead: [
      'attach where the function is defined, with KinesisTelemetryExtension.fromParameters or fromAttributes; or there by hand:',
      `layer ${shown(layerVersion.layerVersionArn, 'layerVersion.layerVersionArn')},`,
      `policy ${policy ?? 'with kinesis:PutRecords on the stream'},`,
      `variable KINESIS_TELEMETRY_STREAM=${shown(stream.streamArn, 'stream.streamArn')}`,
    ].join(' '),
  };
}

function imageRefusal(): Complaint {
  return {
    code: 'KTE_IMAGE_FUNCTION',
    wrong: 'functions deployed as container images cannot take layers',
    found: 'runtime FROM_IMAGE',
    allowed: ATTACHABLE,
    instead:
      'copy the content of assets/kinesis-telemetry-extension.zip of this package to /opt in the image, as examples/container-image/Dockerfile in the repository does, and call addToImageFunction(fn) instead',
  };
}

function runtimeRefusal(runtime: lambda.Runtime): Complaint {
  return {
    code: 'KTE_RUNTIME',
    wrong: 'the extension runs on the Node.js of the managed runtime, and this runtime has none',
    found: `runtime ${runtime.name}`,
    allowed: 'Node.js runtimes (nodejs20.x and newer)',
    instead:
      'leave this function out; subscribe its log group to the stream with a CloudWatch Logs subscription filter',
  };
}

function layerRefusal(fn: AttachableFunction, telemetry: TelemetryParts): Complaint | undefined {
  if (likeness(telemetry.layerRegion, fn.env.region) === 'different') {
    return {
      code: 'KTE_LAYER_REGION',
      wrong: 'a layer works only in its own Region',
      found: `function in ${fn.env.region}, layer in ${telemetry.layerRegion}`,
      allowed: `functions in ${telemetry.layerRegion}`,
      instead: `create a KinesisTelemetryExtension in ${fn.env.region} and pass it the same stream: { stream: telemetry.stream }`,
    };
  }
  const layers = layersOf(fn);
  const others = layers.filter((layer) => !rendersAlike(fn, layer, telemetry.layerVersion.layerVersionArn));
  if (others.length < MAX_LAYERS) return undefined;
  return {
    code: 'KTE_TOO_MANY_LAYERS',
    wrong: 'the function has no place left for the layer of the extension',
    found: `${others.length} layers`,
    allowed: `${MAX_LAYERS} layers, this one included`,
    instead: 'merge two of the layers, or take one out',
  };
}

function shown(value: string, property: string): string {
  return Token.isUnresolved(value) ? `{${property}}` : value;
}
