import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { cpuMs, privateDirtyMib, settled } from './process-figures';

export interface ColdStart {
  /** From the start of the process to its first /next. */
  readonly wallMs: number;
  /** CPU time it had used by then. */
  readonly cpuMs: number;
  /** Private dirty memory once it has come to rest. */
  readonly idleMib: number;
}

const START_TIMEOUT_MS = 10_000;
/** What registration answers. */
const ABOUT = {
  functionName: 'bench',
  functionVersion: '$LATEST',
  handler: 'handler.handler',
  accountId: '123456789012',
};

/**
 * One cold start against the smallest possible platform, which looks at the process in the moment its first /next
 * arrives. The sandbox would start a runtime process meanwhile, and both would compete for the same cores.
 */
export async function coldStart(
  launcher: string,
  nodePath: string,
  variables: Readonly<Record<string, string>>,
): Promise<ColdStart> {
  const platform = await Platform.start();
  const startedAt = performance.now();
  const child = spawn(launcher, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { PATH: `${dirname(nodePath)}:/usr/bin:/bin`, AWS_LAMBDA_RUNTIME_API: platform.address, ...variables },
  });
  const pid = child.pid as number;
  const exited = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${launcher} ended early: ${signal ?? code}`)));
  });
  exited.catch(() => {});
  try {
    const first = platform.firstNext(() => ({ wallMs: performance.now() - startedAt, cpuMs: cpuMs(pid) }));
    const figures = await Promise.race([first, exited]);
    await Promise.race([settled(pid), exited]);
    return { ...figures, idleMib: privateDirtyMib(pid) };
  } finally {
    child.kill('SIGKILL');
    platform.close();
  }
}

/** Register, subscribe and a /next that is never answered. */
class Platform {
  public static async start(): Promise<Platform> {
    const platform = new Platform();
    await new Promise<void>((resolve) => platform.server.listen(0, '127.0.0.1', resolve));
    return platform;
  }

  private readonly server: Server = createServer((request, response) => this.answer(request, response));
  private onNext: () => void = () => {};

  public get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public firstNext<T>(look: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no /next in time')), START_TIMEOUT_MS);
      this.onNext = () => {
        clearTimeout(timer);
        resolve(look());
      };
    });
  }

  public close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/2020-01-01/extension/event/next') {
      this.onNext();
      return;
    }
    request.resume().on('end', () => {
      if (request.url === '/2020-01-01/extension/register') {
        response.setHeader('Lambda-Extension-Identifier', '00000000-0000-4000-8000-000000000000');
      }
      response.end(JSON.stringify(ABOUT));
    });
  }
}
