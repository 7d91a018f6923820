import type { InvocationResult } from './runtime-api';
import { type SandboxContext, tracing } from './sandbox-context';
import { platform, type ReportMetrics, roundMs, type Span, type Status, span } from './telemetry-events';

/** Where an invocation stands; a timeout or a crash cuts it off anywhere. */
export interface Progress {
  readonly requestId: string;
  readonly traceId: string;
  readonly coldStart: boolean;
  readonly deadlineMs: number;
  startedAt: number;
  startedEpochMs: number;
  result?: InvocationResult;
  doneAt?: number;
  overAt?: number;
  runtimeDoneSent?: boolean;
  /** A timeout or a crash ended it: nothing more is said about its success. */
  cutOff?: boolean;
}

/** Once, and never on Managed Instances. */
export function sendRuntimeDone(context: SandboxContext, progress: Progress, status: Status, errorType?: string): void {
  if (progress.runtimeDoneSent || context.settings.managedInstances) return;
  progress.runtimeDoneSent = true;
  const { requestId, result } = progress;
  context.telemetry.emit(
    platform.runtimeDone({
      requestId,
      status,
      ...(errorType ? { errorType } : {}),
      metrics: {
        durationMs: roundMs((progress.doneAt ?? performance.now()) - progress.startedAt),
        producedBytes: result?.error ? 0 : (result?.body.length ?? 0),
      },
      tracing: tracing(progress.traceId),
      ...(result ? { spans: responseSpans(progress, result.at, true) } : {}),
    }),
  );
}

export function sendReport(
  context: SandboxContext,
  progress: Progress,
  status: Status,
  errorType: string | undefined,
  initDurationMs: number | undefined,
): void {
  const { requestId, startedAt, startedEpochMs } = progress;
  const doneAt = progress.doneAt ?? startedAt;
  const overAt = progress.overAt ?? doneAt;
  const { managedInstances, memorySizeMb } = context.settings;
  const durationMs = roundMs(overAt - startedAt);
  const metrics: ReportMetrics = managedInstances
    ? { durationMs }
    : {
        durationMs,
        billedDurationMs: Math.ceil(durationMs + (initDurationMs ?? 0)), // INIT is billed since August 2025
        memorySizeMB: memorySizeMb,
        maxMemoryUsedMB: Math.min(memorySizeMb, context.processes.peakMemoryMb),
        ...(initDurationMs === undefined ? {} : { initDurationMs }),
      };
  const overhead = span('extensionOverhead', startedEpochMs + (doneAt - startedAt), overAt - doneAt);
  context.telemetry.emit(
    platform.report({
      requestId,
      status,
      ...(errorType ? { errorType } : {}),
      metrics,
      tracing: tracing(progress.traceId),
      spans: managedInstances ? responseSpans(progress, progress.result?.at ?? doneAt, false) : [overhead],
    }),
  );
}

function responseSpans(
  { startedAt, startedEpochMs, doneAt }: Progress,
  respondedAt: number,
  withOverhead: boolean,
): Span[] {
  const latencyMs = respondedAt - startedAt;
  const spans = [
    span('responseLatency', startedEpochMs, latencyMs),
    span('responseDuration', startedEpochMs + latencyMs, 0),
  ];
  if (withOverhead) {
    spans.push(span('runtimeOverhead', startedEpochMs + latencyMs, Math.max(0, (doneAt ?? respondedAt) - respondedAt)));
  }
  return spans;
}
