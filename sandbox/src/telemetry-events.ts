/** One event as the Telemetry API delivers it. */
export interface TelemetryEvent {
  /** When the platform made it: ISO 8601, UTC, milliseconds. */
  readonly time: string;
  readonly type: string;
  readonly record: unknown;
}

export type TelemetryType = 'platform' | 'function' | 'extension';

/** An event before it is cut to a subscriber's schema version. */
export interface PlatformEvent {
  readonly time: string;
  readonly type: string;
  /** A string (a log line) or the object of a platform event. */
  readonly record: unknown;
  /** The JSON text of a log line that is an object; schema versions from 2022-12-13 on carry it untouched. */
  readonly recordJson?: string;
}

export interface Tracing {
  readonly spanId?: string;
  readonly type: 'X-Amzn-Trace-Id';
  readonly value: string;
}

export interface Span {
  readonly name: 'responseLatency' | 'responseDuration' | 'runtimeOverhead' | 'extensionOverhead';
  readonly start: string;
  readonly durationMs: number;
}

export type Phase = 'init' | 'invoke';
export type Status = 'success' | 'failure' | 'error' | 'timeout';

export interface ReportMetrics {
  readonly durationMs: number;
  readonly billedDurationMs?: number;
  readonly memorySizeMB?: number;
  readonly maxMemoryUsedMB?: number;
  readonly initDurationMs?: number;
}

interface Outcome {
  readonly requestId: string;
  readonly status: Status;
  readonly errorType?: string;
  readonly spans?: readonly Span[];
  readonly tracing?: Tracing;
}

export function event(type: string, record: unknown, time = new Date()): PlatformEvent {
  return { time: time.toISOString(), type, record };
}

export const platform = {
  initStart: (record: {
    readonly initializationType: string;
    readonly phase: Phase;
    readonly functionName: string;
    readonly functionVersion: string;
    readonly instanceId: string;
    readonly instanceMaxMemory: number;
    readonly runtimeVersion: string;
    readonly runtimeVersionArn: string;
  }) => event('platform.initStart', record),
  initRuntimeDone: (record: {
    readonly initializationType: string;
    readonly phase: Phase;
    readonly status: Status;
    readonly errorType?: string;
  }) => event('platform.initRuntimeDone', record),
  initReport: (record: {
    readonly initializationType: string;
    readonly phase: Phase;
    readonly status: Status;
    readonly errorType?: string;
    readonly metrics: { readonly durationMs: number };
  }) => event('platform.initReport', record),
  start: (record: {
    readonly requestId: string;
    readonly version: string;
    readonly tracing?: Tracing;
    readonly functionArn?: string;
  }) => event('platform.start', record),
  runtimeDone: (
    record: Outcome & { readonly metrics: { readonly durationMs: number; readonly producedBytes: number } },
  ) => event('platform.runtimeDone', record),
  report: (record: Outcome & { readonly metrics: ReportMetrics }) => event('platform.report', record),
  extension: (record: {
    readonly name: string;
    readonly state: string;
    readonly events: readonly string[];
    readonly errorType?: string;
  }) => event('platform.extension', record),
  telemetrySubscription: (record: {
    readonly name: string;
    readonly state: string;
    readonly types: readonly string[];
  }) => event('platform.telemetrySubscription', record),
  logsDropped: (record: { readonly droppedBytes: number; readonly droppedRecords: number; readonly reason: string }) =>
    event('platform.logsDropped', record),
};

export function span(name: Span['name'], startEpochMs: number, durationMs: number): Span {
  return { name, start: new Date(startEpochMs).toISOString(), durationMs: roundMs(durationMs) };
}

/** Lambda prints durations with two to three decimals. */
export function roundMs(durationMs: number): number {
  return Math.round(durationMs * 1_000) / 1_000;
}
