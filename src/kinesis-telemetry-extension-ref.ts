import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ExtensionOptions } from './extension-options';
import type { PermissionMode } from './permission-mode';

/**
 * A telemetry extension, made in this app or imported: a layer, the stream it writes to, and the right to do so.
 */
export interface IKinesisTelemetryExtension extends IConstruct {
  /**
   * The stream that receives the telemetry.
   */
  readonly stream: kinesis.IStream;

  /**
   * The layer with the extension.
   *
   * @attribute
   */
  readonly layerVersion: lambda.ILayerVersion;

  /**
   * The policy that lets functions write to the stream; undefined with other permission modes.
   *
   * @attribute
   */
  readonly managedPolicy?: iam.IManagedPolicy;

  /**
   * Attaches the extension to a function: layer, environment variables, permission. A repeated call does nothing.
   *
   * @param fn a Function, NodejsFunction or SingletonFunction with a Node.js runtime
   * @param overrides options for this function alone; `buffering` and `tags` are merged key by key
   */
  addToFunction(fn: lambda.IFunction, overrides?: ExtensionOptions): void;

  /**
   * Attaches to a function whose container image carries the extension: variables and permission, no layer. A
   * repeated call does nothing.
   *
   * @param fn a DockerImageFunction, or a Function with `Runtime.FROM_IMAGE`
   * @param overrides options for this function alone; `buffering` and `tags` are merged key by key
   */
  addToImageFunction(fn: lambda.IFunction, overrides?: ExtensionOptions): void;

  /**
   * Attaches the extension to several functions.
   *
   * @param fns see `addToFunction`
   * @param overrides options for these functions alone
   */
  addToFunctions(fns: lambda.IFunction[], overrides?: ExtensionOptions): void;

  /**
   * Lets a grantee write to the stream, with `kinesis:PutRecords` and nothing else (and the customer key of the
   * stream, where it has one, for this stream alone).
   *
   * @param grantee for example a role of a function that is defined elsewhere
   */
  grantWrite(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets a consumer read the stream.
   *
   * @param grantee the consumer
   */
  grantRead(grantee: iam.IGrantable): iam.Grant;

  /**
   * A CloudWatch metric of the stream.
   *
   * @param metricName for example `IncomingBytes`
   * @param props statistic, period, label and so on
   * @see https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
   */
  metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/**
 * What is needed to use a telemetry extension that was made elsewhere.
 */
export interface KinesisTelemetryExtensionAttributes {
  /**
   * ARN of the layer version, in the Region of the functions.
   */
  readonly layerVersionArn: string;

  /**
   * ARN of the stream. It may be in another account or Region: functions then address it by this ARN. Another
   * account has to allow the writing in a resource policy of the stream, and to encrypt it with a customer key:
   * `producerAccounts` there does both.
   *
   * @see https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html
   */
  readonly streamArn: string;

  /**
   * ARN of the managed policy, in the account of the functions.
   *
   * @default - functions get the rights as an inline policy of their role
   */
  readonly managedPolicyArn?: string;

  /**
   * ARN of the customer key that encrypts the stream.
   *
   * @default - the stream is not encrypted with a customer key
   */
  readonly encryptionKeyArn?: string;

  /**
   * How functions get the right to write to the stream.
   *
   * @default - MANAGED_POLICY where `managedPolicyArn` is given, otherwise INLINE
   */
  readonly permissions?: PermissionMode;

  /**
   * What the extension does inside the functions.
   *
   * @default - the defaults of the extension
   */
  readonly options?: ExtensionOptions;
}

/**
 * How to use a telemetry extension by the SSM parameters that another stack of the account and Region has published.
 */
export interface KinesisTelemetryExtensionParameterAttributes {
  /**
   * What the names of the parameters begin with.
   *
   * @default '/telemetry/kinesis'
   */
  readonly parameterPrefix?: string;

  /**
   * ARN of the customer key that encrypts the stream. Needed with `PermissionMode.INLINE` only: the managed policy
   * has the right already.
   *
   * @default - the stream is not encrypted with a customer key
   */
  readonly encryptionKeyArn?: string;

  /**
   * How functions get the right to write to the stream. Other modes than MANAGED_POLICY do not read the parameter
   * with the ARN of the policy.
   *
   * @default PermissionMode.MANAGED_POLICY
   */
  readonly permissions?: PermissionMode;

  /**
   * What the extension does inside the functions.
   *
   * @default - the defaults of the extension
   */
  readonly options?: ExtensionOptions;
}
