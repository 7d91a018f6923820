import { randomUUID } from 'node:crypto';
import { SandboxError } from './extension-process';
import { initialize, reportedFailure } from './init-phase';
import { type Progress, sendReport, sendRuntimeDone } from './invocation-events';
import { freeze, newTraceId, ProcessSet, type SandboxContext, thaw, tracing } from './sandbox-context';
import { shutDown } from './shutdown-phase';
import { platform, roundMs, type Status } from './telemetry-events';

export interface Invocation {
  readonly requestId: string;
  /**
   * `error`: the handler threw or the runtime process ended (then `error.errorType` is Runtime.ExitError);
   * `timeout`: the function's time was over; `failure`: an extension or a renewed init failed.
   */
  readonly status: 'success' | 'error' | 'timeout' | 'failure';
  readonly response?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
  /** From the dispatch to the runtime's next poll. */
  readonly durationMs: number;
  /** From the runtime's next poll to the last extension's. */
  readonly extensionOverheadMs: number;
  /** The first invocation of these processes. */
  readonly coldStart: boolean;
}

export interface InvokeOptions {
  /** @default the function's timeout */
  readonly timeoutMs?: number;
  readonly traceId?: string;
}

const TIMED_OUT = Symbol('timed out');

/** Runs one invocation to its end: the runtime and every INVOKE extension polled again, or the reset is over. */
export async function invokeOnce(
  context: SandboxContext,
  payload: unknown,
  options: InvokeOptions,
  reportedInitMs: number | undefined,
): Promise<Invocation> {
  const timeoutMs = options.timeoutMs ?? context.settings.timeoutMs;
  const progress: Progress = {
    requestId: randomUUID(),
    traceId: options.traceId ?? newTraceId(),
    coldStart: context.processes.invocations === 0,
    deadlineMs: Date.now() + timeoutMs,
    startedAt: performance.now(),
    startedEpochMs: Date.now(),
  };
  thaw(context);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, TIMED_OUT);
  });
  let failure: SandboxError | typeof TIMED_OUT | undefined;
  try {
    if (context.processes.extensions.length === 0) await initialize(context, 'invoke', timeoutMs); // suppressed init
    const cutOff = Promise.race([timeout, crashOf(context)]);
    const outcome = await Promise.race([run(context, progress, payload, reportedInitMs), cutOff]);
    if (outcome === TIMED_OUT) failure = TIMED_OUT;
  } catch (error) {
    failure = error instanceof SandboxError ? error : new SandboxError('Sandbox.Failure', String(error));
    if (failure.errorType === 'Sandbox.Timeout') failure = TIMED_OUT;
  } finally {
    clearTimeout(timer);
  }
  progress.cutOff = failure !== undefined && !context.settings.managedInstances;
  if (failure && !context.settings.managedInstances) await reset(context, progress, failure);
  else if (!failure && context.settings.freezeBetweenInvocations) freeze(context);
  return conclude(progress, failure, timeoutMs);
}

async function run(
  context: SandboxContext,
  progress: Progress,
  payload: unknown,
  reportedInitMs: number | undefined,
): Promise<void> {
  const { settings, telemetry, extensionsApi, runtimeApi, processes } = context;
  const { requestId, traceId, deadlineMs } = progress;
  const functionArn = settings.functionArn;
  processes.invocations += 1;
  progress.startedAt = performance.now();
  progress.startedEpochMs = Date.now();
  telemetry.emit(
    platform.start({
      requestId,
      version: settings.functionVersion,
      tracing: tracing(traceId),
      ...(settings.managedInstances ? { functionArn } : {}),
    }),
  );
  const awaited = extensionsApi.all.filter((extension) => extension.listensTo('INVOKE'));
  const trace = { type: 'X-Amzn-Trace-Id', value: traceId };
  for (const extension of awaited) {
    extension.deliver({ eventType: 'INVOKE', deadlineMs, requestId, invokedFunctionArn: functionArn, tracing: trace });
  }
  const running = runtimeApi.dispatch({
    requestId,
    payload: JSON.stringify(payload) ?? 'null',
    deadlineMs,
    functionArn,
    traceId,
  });
  progress.result = await running.responded;
  progress.doneAt = await running.done;
  await processes.runtime?.drained(requestId);
  if (progress.cutOff) return;
  sendRuntimeDone(context, progress, 'success');
  await Promise.all(awaited.map((extension) => extension.ready()));
  if (progress.cutOff) return;
  progress.overAt = Math.max(progress.doneAt, ...awaited.map((extension) => extension.lastNextAt ?? 0));
  sendReport(context, progress, 'success', undefined, reportedInitMs);
}

/** Rejects when a process ends or an extension reports an error in the middle of an invocation. */
async function crashOf(context: SandboxContext): Promise<never> {
  const { processes, extensionsApi } = context;
  const runtimeExit = async (): Promise<never> => {
    const exit = await processes.runtime?.group.exited;
    if (processes.runtime?.leaving) return new Promise<never>(() => undefined);
    await processes.runtime?.group.closed; // its last words are events of this invocation
    const how = exit?.signal
      ? `signal: ${exit.signal.toLowerCase().replace('sig', '')}`
      : `exit status ${exit?.exitCode}`;
    throw new SandboxError('Runtime.ExitError', `Runtime exited with error: ${how}`);
  };
  return Promise.race([runtimeExit(), processes.crashed(), ...extensionsApi.all.map(reportedFailure)]);
}

async function reset(
  context: SandboxContext,
  progress: Progress,
  failure: SandboxError | typeof TIMED_OUT,
): Promise<void> {
  const status: Status =
    failure === TIMED_OUT ? 'timeout' : failure.errorType.startsWith('Sandbox.') ? 'failure' : 'error';
  const errorType = failure === TIMED_OUT ? undefined : failure.errorType;
  // a killed runtime says nothing more: what it wrote comes before its runtimeDone
  if (context.processes.runtime) {
    context.processes.runtime.leaving = true;
    await context.processes.runtime.group.kill();
  }
  progress.doneAt ??= performance.now();
  sendRuntimeDone(context, progress, status, errorType);
  progress.overAt = performance.now();
  if (!context.settings.telemetry.omitReportAfterReset) sendReport(context, progress, status, errorType, undefined);
  await shutDown(context, failure === TIMED_OUT ? 'timeout' : 'failure');
  context.processes = new ProcessSet(); // the next invocation starts new processes
}

function conclude(
  progress: Progress,
  failure: SandboxError | typeof TIMED_OUT | undefined,
  timeoutMs: number,
): Invocation {
  const { requestId, startedAt, coldStart, result } = progress;
  const doneAt = progress.doneAt ?? performance.now();
  const figures = {
    requestId,
    durationMs: roundMs(doneAt - startedAt),
    extensionOverheadMs: roundMs(Math.max(0, (progress.overAt ?? doneAt) - doneAt)),
    coldStart,
    ...(result && !result.error ? { response: parse(result.body) } : {}),
  };
  if (failure === TIMED_OUT) {
    const errorMessage = `${requestId} Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;
    return { ...figures, status: 'timeout', error: { errorType: 'Sandbox.Timedout', errorMessage } };
  }
  if (failure) {
    const status = failure.errorType.startsWith('Runtime.') ? 'error' : 'failure';
    return { ...figures, status, error: { errorType: failure.errorType, errorMessage: failure.message } };
  }
  return result?.error ? { ...figures, status: 'error', error: result.error } : { ...figures, status: 'success' };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return body.toString('utf8');
  }
}
