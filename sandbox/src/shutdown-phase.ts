import type { ExtensionProcess } from './extension-process';
import { type SandboxContext, thaw } from './sandbox-context';
import { within } from './until';

export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

/** How the observed extension's process ended. */
export interface Shutdown {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** From the SHUTDOWN event to the end of the process. */
  readonly durationMs: number;
  /** The platform had to end it with SIGKILL. */
  readonly killed: boolean;
}

/** What Lambda gives an environment with external extensions, and the share of it that the runtime may use first. */
const SHUTDOWN_MS = 2_000;
const RUNTIME_SHARE_MS = 600;

/** Ends the runtime, then tells the extensions and gives them what is left of two seconds. */
export async function shutDown(context: SandboxContext, reason: ShutdownReason): Promise<Shutdown> {
  thaw(context);
  const deadlineMs = Date.now() + SHUTDOWN_MS;
  for (const extension of context.processes.extensions) extension.leaving = true;
  await stopRuntime(context, reason);
  const endings = context.processes.extensions.map((extension) =>
    stopExtension(context, extension, reason, deadlineMs),
  );
  context.telemetry.flush();
  const shutdowns = await Promise.all(endings);
  const observed = context.processes.extensions.findIndex(({ name }) => name === context.observedExtension);
  return shutdowns[observed] ?? { exitCode: null, signal: null, durationMs: 0, killed: false };
}

async function stopRuntime(context: SandboxContext, reason: ShutdownReason): Promise<void> {
  const runtime = context.processes.runtime;
  if (!runtime) return;
  runtime.leaving = true;
  if (reason === 'spindown') {
    runtime.group.signal('SIGTERM');
    await within(runtime.group.closed, RUNTIME_SHARE_MS);
  }
  await runtime.group.kill();
}

async function stopExtension(
  context: SandboxContext,
  extension: ExtensionProcess,
  shutdownReason: ShutdownReason,
  deadlineMs: number,
): Promise<Shutdown> {
  const startedAt = performance.now();
  const registration = context.extensionsApi.registrations.get(extension.name);
  let killed = false;
  if (!extension.group.exit) {
    if (registration?.listensTo('SHUTDOWN')) {
      registration.deliver({ eventType: 'SHUTDOWN', shutdownReason, deadlineMs });
      await within(extension.group.exited, deadlineMs - Date.now());
    }
    killed = !extension.group.exit;
  }
  await extension.group.kill();
  const { exitCode, signal } = await extension.group.exited;
  return { exitCode, signal, durationMs: performance.now() - startedAt, killed };
}
