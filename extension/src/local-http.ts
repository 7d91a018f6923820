import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface LocalRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LocalAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type LocalHttp = (request: LocalRequest) => Promise<LocalAnswer>;

/**
 * HTTP to Lambda's API inside the environment (`AWS_LAMBDA_RUNTIME_API`, `host:port`). No time limit on purpose: /next
 * is answered when the next event comes, and a freeze can lie between. `fetch` would give up after 300 s.
 */
export function localHttp(runtimeApi: string): LocalHttp {
  const separator = runtimeApi.lastIndexOf(':');
  const hostname = runtimeApi.slice(0, separator).replace(/^\[|\]$/g, '');
  const port = Number(runtimeApi.slice(separator + 1));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return ({ method, path, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const contentLength = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const outgoing = request({ agent, hostname, port, method, path, headers: { ...headers, ...contentLength } });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0, headers: answered } = response;
          resolve({ status: statusCode, headers: answered, body: Buffer.concat(chunks).toString('utf8') });
        });
      });
      outgoing.end(body);
    });
}
