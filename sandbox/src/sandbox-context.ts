import { randomUUID } from 'node:crypto';
import type { ExtensionProcess } from './extension-process';
import type { ExtensionsApi } from './extensions-api';
import type { HttpEndpoint } from './http-endpoint';
import type { Layer } from './layer';
import type { RuntimeApi } from './runtime-api';
import type { RuntimeProcess } from './runtime-process';
import type { Settings } from './settings';
import type { TelemetryApi } from './telemetry-api';
import type { Tracing } from './telemetry-events';

/** The processes of one generation: a reset ends them, the next invocation starts new ones. */
export class ProcessSet {
  public readonly extensions: ExtensionProcess[] = [];
  public runtime: RuntimeProcess | undefined;
  public invocations = 0;

  public signal(signal: NodeJS.Signals): void {
    this.runtime?.group.signal(signal);
    for (const extension of this.extensions) extension.group.signal(signal);
  }

  public async kill(): Promise<void> {
    const groups = [...this.extensions, ...(this.runtime ? [this.runtime] : [])];
    for (const process of groups) process.leaving = true;
    await Promise.all(groups.map((process) => process.group.kill()));
  }

  /** Rejects as soon as one extension process ends while it must not. */
  public async crashed(): Promise<never> {
    return Promise.race(this.extensions.map((extension) => extension.crashed()));
  }

  public get peakMemoryMb(): number {
    return [...this.extensions, ...(this.runtime ? [this.runtime] : [])].reduce(
      (sum, process) => sum + process.group.peakMemoryMb,
      0,
    );
  }
}

/** What the phases of an execution environment's life work on. */
export interface SandboxContext {
  readonly settings: Settings;
  readonly layer: Layer;
  readonly observedExtension: string;
  readonly workFolder: string;
  readonly endpoint: HttpEndpoint;
  readonly runtimeApi: RuntimeApi;
  readonly extensionsApi: ExtensionsApi;
  readonly telemetry: TelemetryApi;
  readonly extensionOutput: string[];
  processes: ProcessSet;
  frozen: boolean;
}

/** Stops every process where it stands; nothing is posted to them until the thaw. */
export function freeze(context: SandboxContext): void {
  if (context.frozen) return;
  context.frozen = true;
  context.telemetry.pause();
  context.processes.signal('SIGSTOP');
}

export function thaw(context: SandboxContext): void {
  if (!context.frozen) return;
  context.frozen = false;
  context.processes.signal('SIGCONT');
  context.telemetry.resume();
}

export function newTraceId(): string {
  const hex = randomUUID().replaceAll('-', '');
  const root = `1-${Math.floor(Date.now() / 1_000).toString(16)}-${hex.slice(0, 24)}`;
  return `Root=${root};Parent=${randomUUID().replaceAll('-', '').slice(0, 16)};Sampled=1`;
}

export function tracing(traceId: string): Tracing {
  const spanId = /Parent=([0-9a-f]+)/.exec(traceId)?.[1];
  return { ...(spanId ? { spanId } : {}), type: 'X-Amzn-Trace-Id', value: traceId };
}
