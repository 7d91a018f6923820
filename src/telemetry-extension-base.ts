import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { ExtensionOptions } from './extension-options';
import type { IKinesisTelemetryExtension } from './kinesis-telemetry-extension-ref';
import { attach } from './private/attach';
import type { TelemetryParts } from './private/telemetry-parts';
import { keyPolicyConditions, WRITE_ACTION, WRITE_KEY_ACTION, writeKeyConditions } from './private/write-statements';
import { TelemetryMetricsBase } from './telemetry-metrics-base';

/**
 * What extensions made in this app and imported ones have in common.
 *
 * @internal
 */
export abstract class TelemetryExtensionBase extends TelemetryMetricsBase implements IKinesisTelemetryExtension {
  public abstract readonly layerVersion: lambda.ILayerVersion;
  public abstract readonly managedPolicy?: iam.IManagedPolicy;

  /** @internal */
  public abstract readonly _parts: TelemetryParts;

  /**
   * Attaches the extension to a function: layer, environment variables, permission. A repeated call does nothing.
   *
   * Fails at synth, with the code in the message, for container images (`KTE_IMAGE_FUNCTION`), Lambda@Edge
   * (`KTE_EDGE_FUNCTION`), runtimes without Node.js (`KTE_RUNTIME`), imported functions (`KTE_IMPORTED_FUNCTION`),
   * versions and aliases (`KTE_VERSION_OR_ALIAS`), a sixth layer (`KTE_TOO_MANY_LAYERS`), a layer of another Region
   * (`KTE_LAYER_REGION`), a variable that somebody else has set (`KTE_VARIABLE_TAKEN`), a second call with other
   * settings (`KTE_ALREADY_ATTACHED`), a missing role (`KTE_NO_ROLE`) and options out of range (`KTE_OPTION`).
   *
   * @param fn a Function, NodejsFunction or SingletonFunction with a Node.js runtime
   * @param overrides options for this function alone; `buffering` and `tags` are merged key by key
   */
  public addToFunction(fn: lambda.IFunction, overrides?: ExtensionOptions): void {
    attach(this._parts, fn, overrides);
  }

  /**
   * Attaches to a function whose container image carries the extension: variables and permission, no layer. The
   * image has to have the files of the layer under `/opt`, and Node.js: examples/container-image in the repository
   * has the stage of a Dockerfile that puts them there. A repeated call does nothing.
   *
   * Fails at synth for functions with a .zip package (`KTE_NOT_AN_IMAGE`), and otherwise like `addToFunction`.
   *
   * @param fn a DockerImageFunction, or a Function with `Runtime.FROM_IMAGE`
   * @param overrides options for this function alone; `buffering` and `tags` are merged key by key
   */
  public addToImageFunction(fn: lambda.IFunction, overrides?: ExtensionOptions): void {
    attach(this._parts, fn, overrides, 'image');
  }

  /**
   * Attaches the extension to several functions.
   *
   * @param fns see `addToFunction`
   * @param overrides options for these functions alone
   */
  public addToFunctions(fns: lambda.IFunction[], overrides?: ExtensionOptions): void {
    for (const fn of fns) this.addToFunction(fn, overrides);
  }

  /**
   * Lets a grantee write to the stream, with `kinesis:PutRecords` and nothing else (and the customer key of the
   * stream, where it has one, for this stream alone).
   *
   * A grantee of another account gets the right in the policies of stream and key too, where they are defined in this
   * app: there the key may be used for streams of this account.
   *
   * @param grantee for example a role of a function that is defined elsewhere
   */
  public grantWrite(grantee: iam.IGrantable): iam.Grant {
    const { stream } = this;
    const { encryptionKey } = stream;
    const write = iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: [WRITE_ACTION],
      resourceArns: [stream.streamArn],
      resource: stream,
    });
    if (!encryptionKey) return write;
    const conditions = keyPolicyConditions(stream);
    const key = iam.Grant.addToPrincipalOrResource({
      grantee,
      actions: [WRITE_KEY_ACTION],
      resourceArns: [encryptionKey.keyArn],
      resource: {
        env: encryptionKey.env,
        addToResourcePolicy: (statement) => encryptionKey.addToResourcePolicy(statement.copy({ conditions })),
      },
      resourceSelfArns: ['*'],
      conditions: writeKeyConditions(stream),
    });
    return write.combine(key);
  }

  /**
   * Lets a consumer read the stream, and decrypt it where it has a customer key.
   *
   * @param grantee the consumer
   */
  public grantRead(grantee: iam.IGrantable): iam.Grant {
    return this.stream.grantRead(grantee);
  }
}
