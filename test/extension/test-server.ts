import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** 1 for the first connection to the server, 2 for the second ... */
  readonly connection: number;
}

export type Responder = (request: ReceivedRequest, response: http.ServerResponse) => void;

/** A plain HTTP server on 127.0.0.1 that records what it receives; it is closed with the test. */
export async function startServer(
  respond: Responder,
): Promise<{ url: string; port: number; received: ReceivedRequest[] }> {
  const received: ReceivedRequest[] = [];
  const connections = new Map<unknown, number>();
  const server = http.createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url: path = '', headers, socket } = incoming;
      const connection = connections.get(socket) ?? 0;
      const request = { method, path, headers, body: Buffer.concat(chunks), connection };
      received.push(request);
      respond(request, response);
    });
  });
  server.on('connection', (socket) => connections.set(socket, connections.size + 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, received };
}

/** Sends one request on a connection of its own and reads the answer. */
export function send(port: number, method: string, body?: string | Buffer): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request({ host: '127.0.0.1', port, method, path: '/', agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
