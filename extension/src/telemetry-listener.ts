import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { BodyScratch } from './body-scratch';

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

/** Receives Lambda's POSTs: any path, bodies as bytes, answered as soon as they are taken over. */
export class TelemetryListener {
  private readonly server: Server;
  private active = 0;
  private stopped = false;
  private readonly scratch = new BodyScratch();
  private lastActivityAt = 0;

  public constructor(private readonly options: TelemetryListenerOptions) {
    // Time-outs run on timers, which fire right after a thaw and would cut Lambda's kept-alive connection.
    this.server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (request, response) =>
      this.receive(request, response),
    );
    this.server.timeout = 0;
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

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let refused = false;
    let onUnanswered: (() => void) | undefined;
    this.active += 1;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      refused ||= bytes > this.options.maxBodyBytes;
      if (refused) chunks.length = 0;
      else chunks.push(chunk);
    });
    request.on('error', () => {});
    response.on('error', () => {});
    response.on('close', () => {
      this.active -= 1;
      this.lastActivityAt = Date.now();
      if (!response.writableFinished) onUnanswered?.();
    });
    request.on('end', () => {
      if (this.stopped) {
        response.writeHead(503).end();
        return;
      }
      if (refused) {
        this.options.onRefused();
        response.writeHead(413).end();
        return;
      }
      try {
        onUnanswered = this.options.onBody(this.scratch.join(chunks, bytes));
      } finally {
        const delayMs = this.options.answerDelayMs();
        if (delayMs > 0) setTimeout(() => response.writeHead(200).end(), delayMs);
        else response.writeHead(200).end();
      }
    });
  }
}
