import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Exchange, summary } from './exchanges';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Aborted when the client hangs up before it has its answer. */
  readonly hungUp: AbortSignal;
}

export interface ApiReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An answer, or `reset`: the connection is cut without one. */
export type ApiAnswer = ApiReply | 'reset';
export type ApiHandler = (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>;

/** Which API answers a path; none: 404. */
export type ApiRoute = (path: string) => { readonly api: Exchange['api']; readonly handle: ApiHandler } | undefined;

export function jsonReply(status: number, body: unknown, headers: Record<string, string> = {}): ApiReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

export function errorReply(status: number, errorType: string, errorMessage: string): ApiReply {
  return jsonReply(status, { errorMessage, errorType });
}

/** The one HTTP server behind AWS_LAMBDA_RUNTIME_API; it listens on loopback only. */
export class HttpEndpoint {
  public static async listen(route: ApiRoute, exchanges: Exchange[]): Promise<HttpEndpoint> {
    const endpoint = new HttpEndpoint(route, exchanges);
    await new Promise<void>((resolve, reject) => {
      endpoint.server.once('error', reject);
      endpoint.server.listen(0, '127.0.0.1', resolve);
    });
    return endpoint;
  }

  private readonly server: Server;

  private constructor(
    private readonly route: ApiRoute,
    public readonly exchanges: Exchange[],
  ) {
    this.server = createServer((request, response) => void this.serve(request, response));
    // /next may stay unanswered for as long as an environment is frozen
    this.server.requestTimeout = 0;
    this.server.headersTimeout = 0;
    this.server.keepAliveTimeout = 0;
  }

  /** `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const hangUp = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) hangUp.abort();
    });
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const path = (incoming.url ?? '/').split('?')[0] ?? '/';
    const headers = incoming.headers as Record<string, string>;
    const method = incoming.method ?? 'GET';
    const target = this.route(path);
    const exchange: Exchange = {
      at,
      api: target?.api ?? 'runtime',
      method,
      path,
      requestHeaders: headers,
      requestBody: summary(body),
      requestBytes: body.length,
    };
    this.exchanges.push(exchange);
    const answer = target
      ? await this.answer(target.handle, { method, path, headers, body, hungUp: hangUp.signal })
      : errorReply(404, 'NotFound', `no API at ${path}`);
    if (hangUp.signal.aborted) return;
    exchange.answeredAt = Date.now();
    if (answer === 'reset') {
      incoming.socket.destroy();
      return;
    }
    exchange.status = answer.status;
    exchange.responseHeaders = answer.headers ?? {};
    exchange.response = summary(answer.body ?? '');
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  }

  private async answer(handle: ApiHandler, request: ApiRequest): Promise<ApiAnswer> {
    try {
      return await handle(request);
    } catch (error) {
      return errorReply(
        500,
        'Sandbox.Failure',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
    }
  }
}
