import type { TelemetryEvent } from './telemetry-events';

/** What goes wrong at the Telemetry API. */
export interface TelemetryFaults {
  /** Answer 202, as local emulators do, and deliver nothing. */
  readonly unsupported?: boolean;
  /**
   * Schema versions that are accepted.
   * @default all three; on Managed Instances only 2025-01-29
   */
  readonly schemaVersions?: readonly string[];
  /** Statuses answered to the first subscriptions; afterwards they are served. A single number: for ever. */
  readonly subscribeStatus?: number | readonly number[];
  /** The first POSTs that never reach the listener; they are retried with back-off. */
  readonly postFailures?: number;
  /** POSTs that are sent twice, as if the first answer were lost; `true`: each one. */
  readonly duplicatePosts?: number | boolean;
  /** No platform.runtimeDone, as on Managed Instances. */
  readonly omitRuntimeDone?: boolean;
  /** No platform.report for invocations that end in a reset. */
  readonly omitReportAfterReset?: boolean;
  /** Runs before each POST attempt; a promise delays it, an exception fails the attempt. */
  readonly beforePost?: (events: readonly TelemetryEvent[], attempt: number) => void | Promise<void>;
  /**
   * Bytes that may wait for a slow listener before the oldest are dropped.
   * @default 64 MiB
   */
  readonly maxQueueBytes?: number;
}

/** What goes wrong at the Extensions API. */
export interface ExtensionsApiFaults {
  /** Statuses answered to the first register calls, before one is served. */
  readonly registerStatus?: readonly number[];
  /** Refuse INVOKE with 403 Extension.InvalidEventType although this is no Managed Instance. */
  readonly refuseInvoke?: boolean;
  /** Answers (a status, or a cut connection) to the first /event/next calls, before one is served. */
  readonly nextFailures?: readonly (number | 'reset')[];
}
