import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the extension asked of Kinesis. */
export interface CallCount {
  calls: number;
  failedCalls: number;
  bytesOnTheWire: number;
}

/**
 * A reverse proxy on loopback that counts calls. Headers pass unchanged: the signature covers the host the client knows.
 */
export class CountingProxy {
  public static async start(target: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(target));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  public readonly count: CallCount = { calls: 0, failedCalls: 0, bytesOnTheWire: 0 };
  private readonly server: Server;

  private constructor(target: URL) {
    this.server = createServer((incoming, outgoing) => {
      this.count.calls += 1;
      const forwarded = request(
        {
          host: target.hostname,
          port: target.port || 80,
          method: incoming.method,
          path: incoming.url,
          headers: incoming.headers,
        },
        (response) => {
          if ((response.statusCode ?? 500) >= 400) this.count.failedCalls += 1;
          outgoing.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(outgoing);
        },
      );
      forwarded.on('error', () => {
        this.count.failedCalls += 1;
        outgoing.destroy();
      });
      incoming.on('data', (chunk: Buffer) => {
        this.count.bytesOnTheWire += chunk.length;
      });
      incoming.pipe(forwarded);
    });
    this.server.keepAliveTimeout = 0;
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
