import { Duration, RemovalPolicy, Size, SizeRoundingBehavior, Tags, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { TelemetryTransformOptions } from '../../telemetry-transform-options';
import { transformZipPath } from '../asset-path';
import { OPT_OUT_TAG, OPT_OUT_VALUE } from '../tree-membership';
import { optionError, wholeNumber } from '../validation';
import { wholeSeconds } from './archive-durations';
import { SETTINGS_VARIABLE, transformSettings } from './transform-settings';

export interface ArchiveTransform {
  readonly fn: lambda.Function;
  /** How Firehose calls it, but for the role. */
  readonly parameters: firehose.CfnDeliveryStream.ProcessorParameterProperty[];
}

/** The processor that ships with this package, with a log of its own and rights to nothing but that. */
export function createTransform(
  archive: Construct,
  props: {
    readonly options: TelemetryTransformOptions;
    /** Whether objects are made of gzip members. */
    readonly compress: boolean;
    readonly logRetention?: logs.RetentionDays;
    /** May be used by CloudWatch Logs already. */
    readonly encryptionKey?: kms.IKey;
  },
): ArchiveTransform {
  const { options, encryptionKey, logRetention: retention = logs.RetentionDays.ONE_MONTH } = props;
  const { timeout = Duration.minutes(1), memorySize = Size.mebibytes(512) } = options;
  const settings = transformSettings(archive, options, props.compress);
  wholeSeconds(archive, 'transform.timeout', timeout, 1, 300);
  const memoryMib = mebibytes(archive, 'transform.memorySize', memorySize, 128, 10_240, 'whole');
  const parameters = bufferParameters(archive, options);

  const scope = new Construct(archive, 'Transform');
  const logGroup = new logs.LogGroup(scope, 'Log', { retention, encryptionKey, removalPolicy: RemovalPolicy.DESTROY });
  const role = new iam.Role(scope, 'Role', {
    description: 'Lets the transform of the telemetry archive write its log',
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
  });
  const policy = new iam.ManagedPolicy(scope, 'Policy', {
    description: 'Lets the transform of the telemetry archive write its log',
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    ],
  });
  const fn = new lambda.Function(scope, 'Function', {
    description: 'Filters, flattens and tags telemetry on its way to the archive (cdk-kinesis-telemetry-extension)',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(transformZipPath(archive)),
    handler: 'index.handler',
    environment: { [SETTINGS_VARIABLE]: settings },
    memorySize: memoryMib,
    timeout,
    logGroup,
    role,
  });
  fn.node.addDependency(policy);
  // Under a KinesisTelemetryAspect it would otherwise report, without end, of moving its own telemetry.
  Tags.of(fn).add(OPT_OUT_TAG, OPT_OUT_VALUE);
  return { fn, parameters: [{ parameterName: 'LambdaArn', parameterValue: fn.functionArn }, ...parameters] };
}

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html */
function bufferParameters(
  scope: Construct,
  options: TelemetryTransformOptions,
): firehose.CfnDeliveryStream.ProcessorParameterProperty[] {
  const { bufferSize = Size.mebibytes(1), bufferInterval = Duration.minutes(1), retries = 3 } = options;
  const mib = mebibytes(scope, 'transform.bufferSize', bufferSize, 0.2, 3);
  const seconds = wholeSeconds(scope, 'transform.bufferInterval', bufferInterval, 0, 900);
  const values = {
    BufferSizeInMBs: Math.floor(mib * 100) / 100,
    BufferIntervalInSeconds: seconds,
    NumberOfRetries: wholeNumber(scope, 'transform.retries', retries, 0, 300),
  };
  return Object.entries(values).map(([parameterName, value]) => ({
    parameterName,
    parameterValue: Tokenization.stringifyNumber(value),
  }));
}

/** No tokens: neither API takes bytes. */
function mebibytes(scope: Construct, option: string, size: Size, min: number, max: number, kind?: 'whole'): number {
  const allowed = `${min} to ${max.toLocaleString('en-US')} ${kind ? 'whole ' : ''}MiB`;
  if (size.isUnresolved()) throw optionError(scope, option, 'a token', allowed);
  const mib = size.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
  if (mib >= min && mib <= max && (Number.isInteger(mib) || !kind)) return mib;
  throw optionError(scope, option, `${mib} MiB`, allowed);
}
