import { ExtensionProcess, SandboxError } from './extension-process';
import type { ExtensionRegistration } from './extension-registration';
import { rawLineEvent } from './function-logs';
import { extensionVariables, runtimeVariables } from './process-environment';
import { RuntimeProcess } from './runtime-process';
import { ProcessSet, type SandboxContext } from './sandbox-context';
import { type Phase, platform, roundMs } from './telemetry-events';

/** Figures of the observed extension, in ms from the spawn of its process. */
export interface InitFigures {
  /** The whole init phase. */
  readonly durationMs: number;
  readonly registerMs: number;
  /** Absent when it did not subscribe. */
  readonly subscribeMs: number | undefined;
  readonly firstNextMs: number;
}

const EXTENSION_OUTPUT_LINES = 100_000;

/**
 * Starts all extensions, waits until each has registered, starts the runtime, waits until it and each extension asked
 * for their first event.
 *
 * @throws SandboxError saying who failed, or who is waited for when the time is over
 */
export async function initialize(context: SandboxContext, phase: Phase, timeoutMs: number): Promise<InitFigures> {
  const { settings, telemetry, extensionsApi, runtimeApi } = context;
  const { initializationType } = settings;
  const startedAt = performance.now();
  const processes = new ProcessSet();
  context.processes = processes;
  runtimeApi.reset();
  extensionsApi.expect(context.layer.extensionNames);
  telemetry.openForInit();
  telemetry.emit(
    platform.initStart({
      initializationType,
      phase,
      functionName: settings.functionName,
      functionVersion: settings.functionVersion,
      instanceId: settings.instanceId,
      instanceMaxMemory: settings.memorySizeMb,
      runtimeVersion: `nodejs:sandbox.${process.version}`,
      runtimeVersionArn: `arn:aws:lambda:${settings.region}::runtime:${'0'.repeat(64)}`,
    }),
  );
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SandboxError('Sandbox.Timeout', waitingFor(context, timeoutMs))), timeoutMs);
  });
  try {
    await Promise.race([launch(context, processes, phase), timeout]);
  } catch (error) {
    const failure = error instanceof SandboxError ? error : new SandboxError('Sandbox.Failure', String(error));
    const status = failure.errorType.startsWith('Sandbox.Timeout') ? 'timeout' : 'error';
    const record = { initializationType, phase, status, errorType: failure.errorType } as const;
    telemetry.emit(platform.initReport({ ...record, metrics: { durationMs: roundMs(performance.now() - startedAt) } }));
    if (failure.errorType !== 'Extension.Crash') throw failure;
    throw new SandboxError(
      failure.errorType,
      `${failure.reason}; its last lines: ${context.extensionOutput.slice(-5).join(' | ')}`,
    );
  } finally {
    clearTimeout(timer);
  }
  for (const { name, events } of extensionsApi.all)
    telemetry.emit(platform.extension({ name, state: 'Ready', events }));
  const durationMs = roundMs(performance.now() - startedAt);
  telemetry.emit(platform.initReport({ initializationType, phase, status: 'success', metrics: { durationMs } }));
  extensionsApi.closeRegistration();
  telemetry.closeAfterInit();
  return figures(context, durationMs);
}

async function launch(context: SandboxContext, processes: ProcessSet, phase: Phase): Promise<void> {
  const { settings, telemetry, extensionsApi, runtimeApi, endpoint } = context;
  const variables = extensionVariables(settings, endpoint.address);
  for (const name of context.layer.extensionNames) {
    const onLine = (line: string): void => {
      if (context.extensionOutput.push(line) > EXTENSION_OUTPUT_LINES) context.extensionOutput.shift();
      telemetry.emit(rawLineEvent('extension', line, settings.logFormat));
    };
    try {
      const extension = await ExtensionProcess.launch(
        name,
        context.layer.optFolder,
        variables,
        context.workFolder,
        onLine,
      );
      processes.extensions.push(extension);
      void extension.group.exited.then(() => telemetry.extensionEnded(name));
    } catch (error) {
      const errorType = (error as Error).message.includes('PermissionDenied') ? 'PermissionDenied' : 'UnknownError';
      telemetry.emit(platform.extension({ name, state: 'LaunchError', events: [], errorType }));
      throw error;
    }
  }
  const broken = Promise.race([processes.crashed(), ...extensionsApi.all.map(reportedFailure)]);
  await Promise.race([Promise.all(extensionsApi.all.map((extension) => extension.registered())), broken]);
  const runtime = await RuntimeProcess.launch(settings, runtimeVariables(settings, endpoint.address), (event) =>
    telemetry.emit(event),
  );
  processes.runtime = runtime;
  await Promise.race([runtimeApi.ready, runtimeFailure(context, runtime), broken]);
  const { initializationType } = settings;
  telemetry.emit(platform.initRuntimeDone({ initializationType, phase, status: 'success' }));
  await Promise.race([Promise.all(extensionsApi.all.map((extension) => extension.ready())), broken]);
}

/** Rejects when the extension called /init/error or /exit/error. */
export async function reportedFailure(extension: ExtensionRegistration): Promise<never> {
  await extension.failed();
  const { errorType, errorMessage } = extension.error ?? { errorType: 'Extension.InitError', errorMessage: '' };
  throw new SandboxError(errorType, errorMessage);
}

async function runtimeFailure(context: SandboxContext, runtime: RuntimeProcess): Promise<never> {
  const reported = await Promise.race([context.runtimeApi.initError, runtime.group.exited.then(() => undefined)]);
  await runtime.group.closed;
  const errorType = reported?.errorType ?? 'Runtime.ExitError';
  const message = reported?.errorMessage ?? `the runtime ended during init; it wrote: ${runtime.lastLines.join(' | ')}`;
  throw new SandboxError(errorType, message);
}

function waitingFor(context: SandboxContext, timeoutMs: number): string {
  const states = context.extensionsApi.all.map((extension) => `${extension.name} is ${extension.state}`).join(', ');
  const runtime = context.processes.runtime ? 'the runtime was started' : 'the runtime waits for all registrations';
  const output = context.extensionOutput.slice(-5).join(' | ');
  return `init did not end within ${timeoutMs} ms: ${states}; ${runtime}; the extension's last lines: ${output}`;
}

function figures(context: SandboxContext, durationMs: number): InitFigures {
  const name = context.observedExtension;
  const spawnedAt = context.processes.extensions.find((extension) => extension.name === name)?.group.spawnedAt ?? 0;
  const registration = context.extensionsApi.registrations.get(name);
  const since = (at: number | undefined): number => roundMs((at ?? Number.NaN) - spawnedAt);
  const subscribedAt = context.telemetry.subscribedAt.get(name);
  return {
    durationMs,
    registerMs: since(registration?.registeredAt),
    subscribeMs: subscribedAt === undefined ? undefined : since(subscribedAt),
    firstNextMs: since(registration?.firstNextAt),
  };
}
