/** What the extension reads out of a `platform.*` record. Everything is optional: Lambda adds and leaves out fields. */
export interface PlatformFields {
  readonly requestId?: string;
  readonly status?: string;
  readonly errorType?: string;
  readonly durationMs?: number;
  readonly billedDurationMs?: number;
  readonly initDurationMs?: number;
  readonly maxMemoryUsedMb?: number;
  readonly memorySizeMb?: number;
  /** `platform.logsDropped` only. */
  readonly droppedRecords?: number;
  readonly droppedBytes?: number;
}

/** Reads a platform record. Platform events are a few per invocation, so parsing them is cheap; logs are not parsed. */
export function parsePlatformRecord(json: string): PlatformFields {
  const record = asObject(JSON.parse(json));
  const metrics = asObject(record.metrics);
  return {
    requestId: text(record.requestId),
    status: text(record.status),
    errorType: text(record.errorType),
    durationMs: number(metrics.durationMs),
    billedDurationMs: number(metrics.billedDurationMs),
    initDurationMs: number(metrics.initDurationMs),
    maxMemoryUsedMb: integer(metrics.maxMemoryUsedMB),
    memorySizeMb: integer(metrics.memorySizeMB),
    droppedRecords: integer(record.droppedRecords),
    droppedBytes: integer(record.droppedBytes),
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function integer(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
