import { mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exchange } from './exchanges';
import { ExtensionsApi } from './extensions-api';
import { HttpEndpoint } from './http-endpoint';
import { type InitFigures, initialize } from './init-phase';
import { type Invocation, type InvokeOptions, invokeOnce } from './invoke-phase';
import { openLayer } from './layer';
import { RuntimeApi } from './runtime-api';
import { freeze, ProcessSet, type SandboxContext, thaw } from './sandbox-context';
import { type ExecutionEnvironmentOptions, settle } from './settings';
import { type Shutdown, type ShutdownReason, shutDown } from './shutdown-phase';
import { TelemetryApi } from './telemetry-api';
import { event, type TelemetryEvent } from './telemetry-events';
import { removeAtExit, removeFolder } from './work-folders';

/** A local Lambda execution environment: real processes, real HTTP on loopback, no root rights. */
export class ExecutionEnvironment {
  /**
   * Starts extensions and runtime; resolves when init is over.
   *
   * @throws SandboxError when init fails or takes too long; nothing is left running then
   */
  public static async start(options: ExecutionEnvironmentOptions): Promise<ExecutionEnvironment> {
    const workFolder = await mkdtemp(join(tmpdir(), 'lambda-sandbox-'));
    removeAtExit(workFolder);
    const environment = await ExecutionEnvironment.prepare(options, workFolder).catch(async (error) => {
      removeFolder(workFolder);
      throw error;
    });
    try {
      environment.figures = await initialize(environment.context, 'init', environment.context.settings.initTimeoutMs);
    } catch (error) {
      await environment.dispose();
      throw error;
    }
    if (options.initializationType === 'provisioned-concurrency') environment.freeze(); // made ahead of any invocation
    return environment;
  }

  private static async prepare(
    options: ExecutionEnvironmentOptions,
    workFolder: string,
  ): Promise<ExecutionEnvironment> {
    const binFolder = join(workFolder, 'bin');
    const settings = settle(options, binFolder);
    await mkdir(binFolder);
    await symlink(settings.nodePath, join(binFolder, 'node'));
    const layer = await openLayer(options, workFolder);
    const names = layer.extensionNames;
    const observedExtension =
      options.observedExtension ?? names.find((name) => name.includes('kinesis-telemetry')) ?? (names[0] as string);
    const extensionsApi = new ExtensionsApi({ ...settings, handler: settings.handlerName }, settings.extensionsApi);
    const runtimeApi = new RuntimeApi();
    const exchanges: Exchange[] = [];
    const telemetry = new TelemetryApi(extensionsApi, settings.telemetry, settings.managedInstances, exchanges);
    const endpoint = await HttpEndpoint.listen((path) => {
      if (path.startsWith('/2018-06-01/runtime/'))
        return { api: 'runtime', handle: (request) => runtimeApi.handle(request) };
      if (path.startsWith('/2020-01-01/extension/')) {
        return { api: 'extensions', handle: (request) => extensionsApi.handle(request) };
      }
      if (path === '/2022-07-01/telemetry') return { api: 'telemetry', handle: (request) => telemetry.handle(request) };
      return undefined;
    }, exchanges);
    return new ExecutionEnvironment({
      settings,
      layer,
      observedExtension,
      workFolder,
      endpoint,
      runtimeApi,
      extensionsApi,
      telemetry,
      extensionOutput: [],
      processes: new ProcessSet(),
      frozen: false,
    });
  }

  private figures: InitFigures | undefined;
  private busy = false;
  private invoked = false;
  private ended = false;

  private constructor(private readonly context: SandboxContext) {}

  /** Every HTTP exchange, in order of arrival. */
  public get exchanges(): readonly Exchange[] {
    return this.context.endpoint.exchanges;
  }

  /** Each event handed to the extension's subscription, in order; replayed init events are among them. */
  public get produced(): readonly TelemetryEvent[] {
    return this.delivery?.produced ?? [];
  }

  /** Those of them that its listener has taken. */
  public get acknowledged(): readonly TelemetryEvent[] {
    return this.delivery?.acknowledged ?? [];
  }

  /** Those that the platform dropped because the listener was too slow. */
  public get droppedByPlatform(): readonly TelemetryEvent[] {
    return this.delivery?.dropped ?? [];
  }

  /** Lines that the extension processes wrote to stdout and stderr. */
  public get extensionOutput(): readonly string[] {
    return this.context.extensionOutput;
  }

  public get init(): InitFigures {
    return this.figures as InitFigures;
  }

  /** The process id of the extension; after a reset that of the new process. */
  public get extensionPid(): number {
    const { extensions } = this.context.processes;
    return extensions.find(({ name }) => name === this.context.observedExtension)?.group.pid ?? 0;
  }

  public get runtimePid(): number {
    return this.context.processes.runtime?.group.pid ?? 0;
  }

  /** The value of AWS_LAMBDA_RUNTIME_API. */
  public get runtimeApiAddress(): string {
    return this.context.endpoint.address;
  }

  /**
   * Resolves when the invocation is over: the runtime and the extensions polled again, or the reset after a timeout or
   * a crash is done. After a reset the next invocation starts new processes.
   *
   * @throws when an invocation is in progress (not on Managed Instances) or the environment has ended
   */
  public async invoke(payload: unknown = {}, options: InvokeOptions = {}): Promise<Invocation> {
    if (this.ended) throw new Error('the execution environment has ended: start another one');
    const { managedInstances, initializationType } = this.context.settings;
    if (this.busy && !managedInstances) throw new Error('an execution environment runs one invocation at a time');
    const reportsInit = !this.invoked && initializationType === 'on-demand';
    this.busy = true;
    this.invoked = true;
    try {
      return await invokeOnce(this.context, payload, options, reportsInit ? this.init.durationMs : undefined);
    } finally {
      this.busy = false;
    }
  }

  /** Stops every process, as Lambda does between invocations. */
  public freeze(): void {
    freeze(this.context);
  }

  public thaw(): void {
    thaw(this.context);
  }

  /** Hands an event of any type to all subscribers, as the platform would. */
  public emitTelemetry(type: string, record: unknown): void {
    this.context.telemetry.emit(event(type, record));
  }

  /** Runtime first, then the SHUTDOWN event; after two seconds SIGKILL. */
  public async shutdown(reason: ShutdownReason = 'spindown'): Promise<Shutdown> {
    this.ended = true;
    const shutdown = await shutDown(this.context, reason);
    await this.dispose();
    return shutdown;
  }

  /** SIGKILL for everything, without a word. */
  public async crash(): Promise<void> {
    this.ended = true;
    await this.context.processes.kill();
    await this.dispose();
  }

  /** Ends whatever is left: processes, connections, files. Always safe. */
  public async dispose(): Promise<void> {
    this.ended = true;
    await this.context.processes.kill();
    await this.context.telemetry.close();
    await this.context.endpoint.close();
    removeFolder(this.context.workFolder);
  }

  private get delivery() {
    return this.context.telemetry.deliveries.get(this.context.observedExtension);
  }
}
