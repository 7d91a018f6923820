import { BackPressure } from './back-pressure';
import { DEFAULT_BATCH_LIMITS, PARTITION_KEY_BYTES } from './batcher';
import { CircuitBreaker } from './circuit-breaker';
import type { Clock } from './clock';
import type { Registration } from './extensions-api';
import { FlushPolicy } from './flush-policy';
import { Flusher } from './flusher';
import { type Identity, newInstanceId } from './identity';
import { InvocationEnds } from './invocation-ends';
import type { createKinesisSender } from './kinesis-sender';
import { Ledger } from './ledger';
import type { Telemetry } from './lifecycle';
import { describe, type Logger } from './logger';
import { RecordBuffer } from './record-buffer';
import type { compressRecords } from './record-compressor';
import { RecordEncoder } from './record-encoder';
import { fingerprint, RepeatedPosts } from './repeated-posts';
import { RequestAttribution } from './request-attribution';
import type { SelfMetrics } from './self-metrics';
import type { FlushStrategy, Settings } from './settings';
import { shutDown } from './shutdown';
import { statsLine } from './stats-line';
import { TelemetryIntake } from './telemetry-intake';

export interface TelemetryOptions {
  readonly settings: Settings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly registration: Registration;
  readonly clock: Clock;
  readonly log: Logger;
  /** Loads the bundle's second file. */
  readonly loadSenderModule: () => { readonly createKinesisSender: typeof createKinesisSender };
  /** Loads the file for gzip; called only where records are gzipped. */
  readonly loadCompressorModule: () => { readonly compressRecords: typeof compressRecords };
  /** Loads the file for metrics of our own; called only where they are asked for. */
  readonly loadSelfMetricsModule: () => { readonly SelfMetrics: typeof SelfMetrics };
  /** Milliseconds since the listener last had a POST under way. */
  readonly quietMs: () => number;
  /** No POST is answered with success any more: what arrives now is not ours to lose. */
  readonly stopListening: () => void;
}

/** A packed record: one PUT payload unit (25,000 bytes) with its key, and what Firehose's de-aggregation takes. */
export const PACK_BYTES = 25_000 - PARTITION_KEY_BYTES;
export const PACK_LINES = 500;
/** Lines before compression; what does not fit one payload unit afterwards is halved. */
export const PACK_BYTES_BEFORE_GZIP = 131_072;
const STATS_INTERVAL_MS = 60_000;

export interface RunningTelemetry extends Telemetry {
  /** Returns what to call when the answer to this body did not reach Lambda. */
  readonly accept: (body: Buffer) => () => void;
  readonly refuseBody: () => void;
  readonly answerDelayMs: () => number;
  readonly loadSender: () => void;
}

/** Wires the way of the data: intake, encoder, buffer, flusher and, once loaded, the sender. */
export function createTelemetry(options: TelemetryOptions): RunningTelemetry {
  const { settings, environment, registration, clock, log } = options;
  const isManaged = !registration.events.includes('INVOKE');
  const identity: Identity = {
    accountId: registration.accountId,
    region: environment.AWS_REGION,
    functionName: registration.functionName ?? environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: registration.functionVersion ?? environment.AWS_LAMBDA_FUNCTION_VERSION,
    instanceId: newInstanceId(clock.now()),
  };
  const ledger = new Ledger();
  const breaker = new CircuitBreaker(clock.now, Math.random);
  const buffer = new RecordBuffer(
    {
      maxBufferBytes: settings.maxBufferBytes,
      packBytes: settings.recordFormat === 'ndjson-gzip' ? PACK_BYTES_BEFORE_GZIP : PACK_BYTES,
      packLines: settings.recordFormat === 'json' ? 1 : PACK_LINES,
      separateRequests: settings.partitionKey === 'request',
    },
    (record) => ledger.drop('buffer-full', record.events),
  );
  const policy = new FlushPolicy(isManaged ? managedStrategy(settings.flush) : settings.flush);
  const flusher = new Flusher({ policy, buffer, breaker, clock, limits: DEFAULT_BATCH_LIMITS });
  const ends = new InvocationEnds();
  const attribution = new RequestAttribution(!isManaged);
  const intake = new TelemetryIntake({
    encoder: new RecordEncoder(identity, settings.tags, settings.maxRecordBytes - PARTITION_KEY_BYTES),
    buffer,
    ledger,
    attribution,
    types: settings.types,
    now: clock.now,
    onInvocationEnd: (requestId, endedAt) => {
      // The clock may have been set back since; an event need not tell its time.
      ends.markEnded(requestId, endedAt <= clock.now() ? endedAt : clock.now());
      flusher.onInvocationEnd(requestId);
    },
    onReceived: (eventAt) => ends.observe(eventAt, clock.now()),
  });
  const backPressure = new BackPressure();
  const repeatedPosts = new RepeatedPosts(settings.bufferMaxBytes, settings.bufferMaxItems);

  let selfMetrics: SelfMetrics | undefined;
  const writeSelfMetrics = (now: number, final: boolean) => {
    try {
      selfMetrics ??= new (options.loadSelfMetricsModule().SelfMetrics)(identity, settings.stream as string);
      log.raw(selfMetrics.line(ledger, { now, breakerOpenings: breaker.opened, final }));
    } catch (error) {
      log.error('self-metrics', `the extension's own metrics could not be written (${describe(error)})`);
    }
  };

  let statsAt = clock.now();
  const writeStats = (final: boolean) => {
    statsAt = clock.now();
    const context = { identity, tags: settings.tags, now: statsAt, heldBytes: buffer.heldBytes, final };
    const line = statsLine(ledger, { ...context, breakerOpenings: breaker.opened });
    if (settings.selfMetrics === 'emf') writeSelfMetrics(statsAt, final);
    const span = buffer.reserve(line.length, { now: statsAt });
    if (span !== undefined) line.copy(span.target, span.at);
  };

  let isEnding = false;
  let isLoaded = false;
  const loadSender = () => {
    if (isLoaded) return;
    isLoaded = true;
    try {
      const { createKinesisSender } = options.loadSenderModule();
      const { instanceId } = identity;
      flusher.attach(createKinesisSender({ ...options, instanceId, buffer, ledger, breaker }));
    } catch (error) {
      log.error('load', `the sender could not be loaded (${describe(error)}); telemetry is counted but not sent`);
    }
  };

  return {
    flusher,
    ends,
    bodies: () => intake.bodies,
    accept: (body) => {
      const print = fingerprint(body);
      if (repeatedPosts.isRepeated(body, print)) ledger.repeatedPosts += 1;
      else intake.accept(body);
      if (clock.now() - statsAt >= STATS_INTERVAL_MS) writeStats(false);
      flusher.onTelemetry();
      return () => repeatedPosts.answerFailed(print);
    },
    refuseBody: () => intake.lose('malformed'),
    // What Lambda still holds when SHUTDOWN's time is over is lost uncounted: better to take it, and to count.
    answerDelayMs: () =>
      isEnding ? 0 : backPressure.answerDelayMs(buffer.heldBytes / settings.maxBufferBytes, breaker.state === 'closed'),
    loadSender,
    shutDown: (event) => {
      isEnding = true;
      loadSender();
      return shutDown(event.deadlineMs, {
        clock,
        quietMs: options.quietMs,
        // Its report comes behind its end, and often in a POST of its own.
        awaitsEnd: () => ends.unfinished > 0 || attribution.surrounding !== undefined,
        isEmpty: () => buffer.heldBytes === 0,
        flushFinally: (until) => flusher.flushFinally(until),
        closeBooks: () => {
          options.stopListening();
          ledger.drop('shutdown-deadline', ledger.held);
          buffer.discard();
          writeStats(true);
        },
        reportLosses: () => {
          const { received, dropped, droppedByReason, lastErrorCode = 'none' } = ledger;
          const count = `${dropped} of ${received} events were not delivered`;
          if (dropped === 0) log.info(`shutdown: ${received} events were received, and all delivered`);
          else
            log.warn('losses', `${count}, by reason ${JSON.stringify(droppedByReason)}; last error ${lastErrorCode}`);
        },
      });
    },
  };
}

/** Managed Instances are never frozen and know no end of an invocation: only a timer makes sense there. */
function managedStrategy(chosen: FlushStrategy): FlushStrategy {
  return chosen.name === 'periodic' ? chosen : { name: 'periodic', intervalMs: 1_000 };
}
