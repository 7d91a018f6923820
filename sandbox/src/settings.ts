import { randomBytes } from 'node:crypto';
import { basename, extname } from 'node:path';
import type { ExtensionsApiFaults, TelemetryFaults } from './faults';

export interface SandboxCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Made up; the Kinesis fake knows them, no AWS account does. */
export const SANDBOX_CREDENTIALS: SandboxCredentials = {
  accessKeyId: 'ASIASANDBOXEXAMPLE00',
  secretAccessKey: 'sandbox/secret+access+key+that+opens+nothing',
  sessionToken: 'sandbox-session-token-that-opens-nothing//////////==',
};

export interface ExecutionEnvironmentOptions {
  /** Absolute path of a .js, .cjs or .mjs file that exports `handler(event, context)`. */
  readonly handler: string;
  /**
   * The layer's zip; every file of its extensions/ is executed.
   * @default assets/kinesis-telemetry-extension.zip of this repository
   */
  readonly layerZip?: string;
  /** An unpacked folder with extensions/, instead of the zip. */
  readonly layerDirectory?: string;
  /** The function's own variables. PATH and TZ may be among them. */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default sandbox-function */
  readonly functionName?: string;
  /** @default $LATEST */
  readonly functionVersion?: string;
  /** @default 1024 */
  readonly memorySizeMb?: number;
  /**
   * The function's timeout.
   * @default 3000
   */
  readonly timeoutMs?: number;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default 123456789012 */
  readonly accountId?: string;
  /** @default Text; on Managed Instances always JSON, as they know nothing else */
  readonly logFormat?: 'Text' | 'JSON';
  /** @default on-demand */
  readonly initializationType?: 'on-demand' | 'provisioned-concurrency' | 'lambda-managed-instances';
  /**
   * The node binary of the runtime and, through PATH, of the extension.
   * @default the one that runs this process
   */
  readonly nodePath?: string;
  /**
   * Credentials of the processes; `false` for none.
   * @default SANDBOX_CREDENTIALS
   */
  readonly credentials?: SandboxCredentials | false;
  /**
   * Stop the processes once an invocation is over, until the next one.
   * @default true; never on Managed Instances
   */
  readonly freezeBetweenInvocations?: boolean;
  /**
   * The extension whose telemetry, process and figures are reported.
   * @default the first whose file name contains `kinesis-telemetry`, else the first
   */
  readonly observedExtension?: string;
  /**
   * Invocations a Managed Instance runs at once.
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * Limit of the init phase.
   * @default 10000
   */
  readonly initTimeoutMs?: number;
  readonly telemetry?: TelemetryFaults;
  readonly extensionsApi?: ExtensionsApiFaults;
}

type Optional = 'layerZip' | 'layerDirectory' | 'observedExtension' | 'nodePath' | 'freezeBetweenInvocations';

/** The options with their defaults, and what follows from them. */
export interface Settings extends Required<Omit<ExecutionEnvironmentOptions, Optional>> {
  readonly nodePath: string;
  readonly freezeBetweenInvocations: boolean;
  readonly managedInstances: boolean;
  readonly instanceId: string;
  readonly functionArn: string;
  /** `file.handler`, as the console shows it. */
  readonly handlerName: string;
  /** Holds the chosen binary under the name `node`. */
  readonly binFolder: string;
}

export function settle(options: ExecutionEnvironmentOptions, binFolder: string): Settings {
  const managedInstances = options.initializationType === 'lambda-managed-instances';
  const functionName = options.functionName ?? 'sandbox-function';
  const region = options.region ?? 'us-east-1';
  const accountId = options.accountId ?? '123456789012';
  const version = options.functionVersion ?? '$LATEST';
  return {
    handler: options.handler,
    environment: options.environment ?? {},
    functionName,
    functionVersion: version,
    memorySizeMb: options.memorySizeMb ?? 1_024,
    timeoutMs: options.timeoutMs ?? 3_000,
    region,
    accountId,
    logFormat: managedInstances ? 'JSON' : (options.logFormat ?? 'Text'),
    initializationType: options.initializationType ?? 'on-demand',
    credentials: options.credentials ?? SANDBOX_CREDENTIALS,
    maxConcurrency: options.maxConcurrency ?? 10,
    initTimeoutMs: options.initTimeoutMs ?? 10_000,
    telemetry: options.telemetry ?? {},
    extensionsApi: options.extensionsApi ?? {},
    nodePath: options.nodePath ?? process.execPath,
    freezeBetweenInvocations: !managedInstances && (options.freezeBetweenInvocations ?? true),
    managedInstances,
    instanceId: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[${version}]${randomBytes(16).toString('hex')}`,
    functionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
    handlerName: `${basename(options.handler, extname(options.handler))}.handler`,
    binFolder,
  };
}
