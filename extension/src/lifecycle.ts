import { type Clock, settledBefore } from './clock';
import type { ExtensionsApi, NextEvent } from './extensions-api';
import type { Flusher } from './flusher';
import type { InvocationEnds } from './invocation-ends';
import { describe, type Logger } from './logger';
import type { Settings } from './settings';

/** The part of the extension that exists only when telemetry is on. */
export interface Telemetry {
  readonly flusher: Flusher;
  readonly ends: InvocationEnds;
  /** Bodies received so far. */
  readonly bodies: () => number;
  readonly shutDown: (event: NextEvent) => Promise<void>;
}

export interface LifecycleDependencies {
  readonly api: ExtensionsApi;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: Settings;
  /** Undefined while telemetry is off. */
  readonly telemetry: () => Telemetry | undefined;
}

/** /next must be called this long before the invocation's deadline. */
const DEADLINE_MARGIN_MS = 100;
/** Telemetry that has not begun to flow this long after Lambda should have posted is not waited for. */
const FIRST_TELEMETRY_GRACE_MS = 500;
/** So many invocations may wait for telemetry that has never flowed. */
const MAX_WAITS_IN_VAIN = 2;

/** Polls /next for the life of the environment; resolves after SHUTDOWN. Nothing that fails here ends the loop. */
export class Lifecycle {
  /** An invocation whose end had not been seen when its deadline came near. */
  private missedEnd: string | undefined;
  private waitsInVain = 0;

  public constructor(private readonly use: LifecycleDependencies) {}

  public async run(): Promise<void> {
    const { api, log, telemetry } = this.use;
    for (;;) {
      const event = await api.next(log);
      try {
        if (event.eventType === 'SHUTDOWN') {
          await telemetry()?.shutDown(event);
          return;
        }
        if (event.eventType === 'INVOKE') await this.invoke(event);
      } catch (error) {
        log.error('lifecycle', `${event.eventType} was not handled as it should: ${describe(error)}`);
        if (event.eventType === 'SHUTDOWN') return;
      }
    }
  }

  private async invoke(event: NextEvent): Promise<void> {
    const { clock, settings } = this.use;
    const telemetry = this.use.telemetry();
    if (telemetry === undefined) return;
    const invokedAt = clock.now();
    const { requestId } = event;
    const waits = telemetry.flusher.onInvoke(requestId, telemetry.ends.unfinished);
    if (requestId !== undefined) telemetry.ends.markStarted(requestId);
    if (!waits || requestId === undefined || !this.endsReachUs(telemetry)) return;

    // A deadline that is missing, past or absurd must not become a wait without end.
    const deadlineMs = event.deadlineMs ?? 0;
    const lastMoment = deadlineMs - DEADLINE_MARGIN_MS;
    const flushTimeoutMs = Math.min(settings.flushTimeoutMs, Math.max(0, lastMoment - invokedAt) / 2);
    const boundMs = settings.bufferTimeoutMs + flushTimeoutMs;
    const ended = telemetry.ends.whenEnded(requestId, invokedAt, boundMs);
    const endedAt = await this.endOf(telemetry, requestId, ended, invokedAt, lastMoment - flushTimeoutMs);
    if (endedAt === undefined) return;
    // The bound counts from the function's end, of which we hear only later; unless it is told by another clock.
    const now = clock.now();
    const lateMs = endedAt >= invokedAt ? now - endedAt : 0;
    const until = Math.min(now - lateMs + boundMs, now + flushTimeoutMs, lastMoment);
    // Telemetry that came late leaves Kinesis little time: that it does not suffice says nothing about Kinesis.
    await telemetry.flusher.flush(until, { isTelling: lateMs <= boundMs / 2 });
  }

  /**
   * Waits until the runtime is done with the request, at most until `until`, and returns when it was (epoch ms);
   * undefined when telemetry does not flow, or so far behind that the function may long have ended.
   */
  private async endOf(
    telemetry: Telemetry,
    requestId: string,
    ended: Promise<number | undefined>,
    invokedAt: number,
    until: number,
  ): Promise<number | undefined> {
    const { clock, settings } = this.use;
    const firstTelemetryBy = invokedAt + settings.bufferTimeoutMs + FIRST_TELEMETRY_GRACE_MS;
    if (telemetry.bodies() === 0 && firstTelemetryBy < until) {
      if (this.waitsInVain >= MAX_WAITS_IN_VAIN) return undefined;
      if (await settledBefore(clock, ended, firstTelemetryBy)) return ended;
      // Waiting on would hold every invocation to its time-out (an unreachable listener, a local emulator).
      if (telemetry.bodies() === 0) {
        this.waitsInVain += 1;
        return undefined;
      }
    }
    if (await settledBefore(clock, ended, until)) return ended;
    this.missedEnd = requestId;
    return clock.now();
  }

  /**
   * An invocation that ran into its time-out is the last that this process sees. So where another one follows and the
   * end of the one before is still unknown, ends do not reach us, and waiting would hold every invocation to its
   * time-out.
   */
  private endsReachUs(telemetry: Telemetry): boolean {
    if (this.missedEnd !== undefined && telemetry.ends.hasEnded(this.missedEnd)) this.missedEnd = undefined;
    if (this.missedEnd === undefined) return true;
    const message = `platform.runtimeDone of ${this.missedEnd} has not arrived; telemetry leaves with the next invocation`;
    this.use.log.warn('ends', message);
    return false;
  }
}
