import { type Clock, sleep } from './clock';
import type { LocalAnswer, LocalHttp } from './local-http';
import { describe, type Logger } from './logger';

export type LifecycleEvent = 'INVOKE' | 'SHUTDOWN';

export interface Registration {
  readonly identifier: string;
  readonly events: readonly LifecycleEvent[];
  readonly functionName?: string;
  readonly functionVersion?: string;
  readonly accountId?: string;
}

export interface NextEvent {
  readonly eventType: string;
  /** Epoch ms; undefined where the platform sent none that can be used. */
  readonly deadlineMs?: number;
  readonly requestId?: string;
  readonly shutdownReason?: string;
}

const BASE = '/2020-01-01/extension';
const MAX_PAUSE_MS = 1_000;

/** Registration was refused for good; `closed`: Lambda is not waiting for us either. */
export class RegistrationRefused extends Error {
  public constructor(
    message: string,
    public readonly closed: boolean,
  ) {
    super(message);
  }
}

/** The Lambda Extensions API, version 2020-01-01. */
export class ExtensionsApi {
  private identifier = '';

  public constructor(
    private readonly http: LocalHttp,
    private readonly extensionName: string,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers for `events`. Where INVOKE is refused (Lambda Managed Instances), for SHUTDOWN alone. Tries on through
   * connection errors and 5xx: Lambda waits for us, and its own init time-out is the bound.
   */
  public async register(events: readonly LifecycleEvent[]): Promise<Registration> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.tryRegister(events);
      if (answer?.status === 200) return this.registered(events, answer);
      if (answer !== undefined && answer.status >= 400 && answer.status < 500) {
        if (answer.status === 403 && events.includes('INVOKE')) return this.register(['SHUTDOWN']);
        const message = `registration was refused with status ${answer.status}: ${answer.body}`;
        throw new RegistrationRefused(message, answer.body.includes('RegistrationClosed'));
      }
      await sleep(this.clock, pauseMs(attempt));
    }
  }

  private async tryRegister(events: readonly LifecycleEvent[]): Promise<LocalAnswer | undefined> {
    try {
      return await this.http({
        method: 'POST',
        path: `${BASE}/register`,
        headers: {
          'Lambda-Extension-Name': this.extensionName,
          'Lambda-Extension-Accept-Feature': 'accountId',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ events }),
      });
    } catch {
      return undefined; // not reachable yet
    }
  }

  private registered(events: readonly LifecycleEvent[], answer: LocalAnswer): Registration {
    this.identifier = String(answer.headers['lambda-extension-identifier'] ?? '');
    const about = parseObject(answer.body);
    const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
    return {
      identifier: this.identifier,
      events,
      functionName: text(about.functionName),
      functionVersion: text(about.functionVersion),
      accountId: text(about.accountId),
    };
  }

  /**
   * Waits for the next event, however long. Never rejects: an error or an answer that is no event is logged, and the
   * poll repeated with growing pauses, since an extension that stops polling holds every later invocation.
   */
  public async next(log: Logger): Promise<NextEvent> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const answer = await this.http({
          method: 'GET',
          path: `${BASE}/event/next`,
          headers: { 'Lambda-Extension-Identifier': this.identifier },
        });
        const event = answer.status === 200 ? readEvent(answer.body) : undefined;
        if (event !== undefined) return event;
        log.warn('next', `/next answered status ${answer.status} without an event; asking again`);
      } catch (error) {
        // The first is usual: a kept-alive connection that did not survive a freeze.
        if (attempt > 0) log.warn('next', `/next failed (${describe(error)}); asking again`);
      }
      await sleep(this.clock, attempt === 0 ? 0 : pauseMs(attempt - 1));
    }
  }
}

function readEvent(body: string): NextEvent | undefined {
  const event = parseObject(body);
  if (typeof event.eventType !== 'string') return undefined;
  return {
    eventType: event.eventType,
    deadlineMs: Number.isFinite(event.deadlineMs) ? (event.deadlineMs as number) : undefined,
    requestId: typeof event.requestId === 'string' ? event.requestId : undefined,
    shutdownReason: typeof event.shutdownReason === 'string' ? event.shutdownReason : undefined,
  };
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function pauseMs(attempt: number): number {
  return Math.min(10 * 2 ** attempt, MAX_PAUSE_MS);
}
