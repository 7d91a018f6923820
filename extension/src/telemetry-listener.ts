import * as http from 'node:http';

/**
 * Fixed, so that what Lambda still holds for us finds the same destination after a restart of the environment; outside
 * the ephemeral range (32768-60999) and apart from ports known to be used by others (design rule 10).
 */
export const LISTENER_PORT = 28_471;

export interface TelemetryListenerOptions {
  /** A POST's whole body. */
  readonly onBody: (body: Buffer) => void;
  /** How long to wait with the answer, in ms: back-pressure. */
  readonly answerDelayMs: () => number;
  /** A longer body is refused with 413 and counted through `onRefused`. */
  readonly maxBodyBytes: number;
  readonly onRefused: () => void;
  /** Lambda did not get our answer to this body, and will post it again. */
  readonly onUnanswered: (body: Buffer) => void;
  readonly port?: number;
}

/** Receives Lambda's POSTs: any path, bodies as bytes, answered as soon as they are taken over. */
export class TelemetryListener {
  private readonly server: http.Server;
  private active = 0;
  private lastActivityAt = 0;

  public constructor(private readonly options: TelemetryListenerOptions) {
    // Time-outs run on timers, which fire right after a thaw and would cut Lambda's kept-alive connection.
    this.server = http.createServer(
      { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 },
      (request, response) => this.receive(request, response),
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

  private receive(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let refused = false;
    let body: Buffer | undefined;
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
      if (body !== undefined && !response.writableFinished) this.options.onUnanswered(body);
    });
    request.on('end', () => {
      if (refused) {
        this.options.onRefused();
        response.writeHead(413).end();
        return;
      }
      try {
        body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes);
        this.options.onBody(body);
      } finally {
        const delayMs = this.options.answerDelayMs();
        if (delayMs > 0) setTimeout(() => response.writeHead(200).end(), delayMs);
        else response.writeHead(200).end();
      }
    });
  }
}
