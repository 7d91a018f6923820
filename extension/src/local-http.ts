import { connect, type Socket } from 'node:net';
import { type MessageHead, MessageReader } from './http-message';

export interface LocalRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LocalAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export type LocalHttp = (request: LocalRequest) => Promise<LocalAnswer>;

/**
 * HTTP to Lambda's API inside the environment (`AWS_LAMBDA_RUNTIME_API`, `host:port`), over one connection that is kept
 * alive. No time limit on purpose: /next is answered when the next event comes, and a freeze can lie between.
 */
export function localHttp(runtimeApi: string): LocalHttp {
  const separator = runtimeApi.lastIndexOf(':');
  const host = runtimeApi.slice(0, separator).replace(/^\[|\]$/g, '');
  const port = Number(runtimeApi.slice(separator + 1));
  let kept: Connection | undefined;
  return async (request) => {
    const connection = kept?.isReusable ? kept : new Connection(connect({ host, port }));
    kept = undefined;
    const answer = await connection.exchange(requestText(request, runtimeApi));
    if (connection.isReusable && kept === undefined) kept = connection;
    else connection.end();
    return answer;
  };
}

function requestText({ method, path, headers = {}, body }: LocalRequest, host: string): string {
  const all: Record<string, string> = { host, ...headers };
  if (body !== undefined) all['content-length'] = String(Buffer.byteLength(body));
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`;
}

/** A connection to the server, for one request at a time. */
class Connection {
  private resolve: (answer: LocalAnswer) => void = () => {};
  private reject: (error: Error) => void = () => {};
  private head: MessageHead | undefined;
  private body: Buffer[] = [];

  public constructor(private readonly socket: Socket) {
    const reader = new MessageReader('response', {
      onHead: (head) => {
        this.head = head;
      },
      onBody: (bytes, start, end) => this.body.push(bytes.subarray(start, end)),
      onEnd: () => this.answered(),
    });
    socket.on('data', (bytes) => {
      try {
        // One answer a request: what follows it belongs to nothing that was asked.
        if (reader.read(bytes, 0) < bytes.length) socket.destroy();
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('end', () => reader.close());
    socket.on('error', (error) => this.reject(error));
    socket.on('close', () => {
      this.reject(Object.assign(new Error('closed before the answer'), { code: 'ECONNRESET' }));
    });
  }

  public get isReusable(): boolean {
    return this.socket.writable && this.head?.persists === true;
  }

  public exchange(text: string): Promise<LocalAnswer> {
    this.body = [];
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.socket.write(text);
    });
  }

  public end(): void {
    this.socket.destroy();
  }

  private answered(): void {
    const { startLine, headers } = this.head as MessageHead;
    const body = Buffer.concat(this.body).toString('utf8');
    this.resolve({ status: Number(startLine.split(' ')[1]), headers, body });
  }
}
