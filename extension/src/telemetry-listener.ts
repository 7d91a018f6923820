import { createServer, type Server } from 'node:net';
import type { BodyScratch } from './body-scratch';
import { PostConnection } from './post-connection';

/**
 * Fixed, so that what Lambda still holds for us finds the same destination after a restart of the environment; outside
 * the ephemeral range (32768-60999) and apart from ports known to be used by others (design rule 10).
 */
export const LISTENER_PORT = 28_471;

export interface TelemetryListenerOptions {
  /**
   * A POST's whole body, valid only during the call: its memory is used again. What is returned is called when Lambda
   * did not get our answer and will post the body again.
   */
  readonly onBody: (body: Buffer) => () => void;
  /** How long to wait with the answer, in ms: back-pressure. */
  readonly answerDelayMs: () => number;
  /** A longer body is refused with 413 and counted through `onRefused`. */
  readonly maxBodyBytes: number;
  readonly onRefused: () => void;
  readonly port?: number;
}

/**
 * Receives Lambda's POSTs: any path, bodies as bytes, answered as soon as they are taken over. No time-outs: they run
 * on timers, which fire right after a thaw and would cut Lambda's kept-alive connection.
 */
export class TelemetryListener {
  private readonly server: Server;
  private readonly scratches: BodyScratch[] = [];
  private active = 0;
  private stopped = false;
  private lastActivityAt = 0;

  public constructor(private readonly options: TelemetryListenerOptions) {
    const { onBody, answerDelayMs, maxBodyBytes, onRefused } = options;
    const connectionOptions = {
      onBody,
      answerDelayMs,
      maxBodyBytes,
      onTooLarge: onRefused,
      refusal: () => (this.stopped ? '503 Service Unavailable' : undefined),
      onBegun: () => {
        this.active += 1;
      },
      onSettled: () => {
        this.active -= 1;
        this.lastActivityAt = Date.now();
      },
      scratches: this.scratches,
    };
    this.server = createServer((socket) => new PostConnection(socket, connectionOptions));
  }

  /** Binds every interface, since Lambda does not post to the loopback address; returns the port. */
  public async listen(): Promise<number> {
    const port = this.options.port ?? LISTENER_PORT;
    try {
      return await this.bind(port);
    } catch {
      return this.bind(0);
    }
  }

  private bind(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '0.0.0.0', () => {
        this.server.removeListener('error', reject);
        this.server.on('error', () => {});
        resolve((this.server.address() as { port: number }).port);
      });
    });
  }

  /** Milliseconds since a POST was last under way; 0 while one is. */
  public quietMs(now: number): number {
    return this.active > 0 ? 0 : Math.max(0, now - this.lastActivityAt);
  }

  /** From here on every POST is answered 503: it was not taken. */
  public stop(): void {
    this.stopped = true;
  }
}
