/** Who speaks. A key that is not known is absent, never null. */
export interface TelemetryIdentity {
  /** Version of the record schema. */
  readonly v: 1;
  /** ISO 8601, UTC. */
  readonly time?: string;
  readonly account_id?: string;
  readonly region?: string;
  readonly function_name?: string;
  readonly function_version?: string;
  /** One per execution environment and process of the extension. */
  readonly instance_id: string;
  /** The user's static tags. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** One event of Lambda's Telemetry API: a log line, or what the platform has to say about an invocation. */
export interface TelemetryEvent extends TelemetryIdentity {
  /** `function`, `extension`, `platform.start`, `platform.report` ...; types that are yet to come pass through. */
  readonly type?: string;
  /** 1, 2, 3 ... within the instance, without gaps: (`instance_id`, `seq`) is the identity of the event. */
  readonly seq: number;
  /** Absent where it is not certain. */
  readonly request_id?: string;
  readonly status?: string;
  readonly error_type?: string;
  readonly duration_ms?: number;
  readonly billed_duration_ms?: number;
  readonly init_duration_ms?: number;
  readonly max_memory_used_mb?: number;
  readonly memory_size_mb?: number;
  /** The event's record where it is a string. */
  readonly message?: string;
  /** The event's record where it is anything else; a bare array or scalar under `value`. */
  readonly record?: Readonly<Record<string, unknown>>;
  /** The record was too long: `message` holds its beginning. */
  readonly truncated?: true;
  /** Length of the record before it was cut, in bytes. */
  readonly original_bytes?: number;
}

/** The ledger of the extension, cumulative over the life of the instance: `received = delivered + dropped + held`. */
export interface ExtensionStats extends TelemetryIdentity {
  readonly type: 'extension.stats';
  readonly seq?: undefined;
  /** The last ledger of this instance. */
  readonly final?: true;
  /** Events that Lambda handed over; equals the highest `seq` given so far. */
  readonly received: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly dropped_by_reason?: Readonly<Record<string, number>>;
  readonly held: number;
  readonly held_bytes?: number;
  readonly truncated_events?: number;
  /** Events that Lambda itself dropped before they reached the extension. */
  readonly dropped_by_lambda?: number;
  readonly repeated_posts?: number;
  readonly records?: number;
  readonly record_bytes?: number;
  readonly calls?: number;
  readonly retries?: number;
  readonly throttled_records?: number;
  readonly breaker_openings?: number;
  readonly last_error_code?: string;
}

/**
 * Stands for the events that the archive's transform has filtered out, in an archive that has one: they were
 * delivered, and left out on purpose. Never in a stream.
 */
export interface TransformFiltered extends TelemetryIdentity {
  readonly type: 'transform.filtered';
  /** The first of these numbers. */
  readonly seq: number;
  /** The last of them, `seq` itself where it is one. */
  readonly through_seq: number;
}

export type TelemetryLine = TelemetryEvent | ExtensionStats | TransformFiltered;

/** Whether a line is the ledger. */
export function isExtensionStats(line: TelemetryLine): line is ExtensionStats {
  return line.type === 'extension.stats';
}

/** Whether a line stands for events that were filtered out. */
export function isTransformFiltered(line: TelemetryLine): line is TransformFiltered {
  return line.type === 'transform.filtered';
}

/** Whether a line is an event of Lambda. */
export function isTelemetryEvent(line: TelemetryLine): line is TelemetryEvent {
  return !isExtensionStats(line) && !isTransformFiltered(line);
}
