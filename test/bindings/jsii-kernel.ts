import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

type Answer = Record<string, unknown>;

/** Speaks to a jsii runtime the way the libraries of Python, Java and Go do: JSON lines over stdin and stdout. */
export class JsiiKernel {
  public static async start(runtime: string): Promise<JsiiKernel> {
    const kernel = new JsiiKernel(
      spawn(process.execPath, [runtime], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: {
          ...process.env,
          JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
        },
      }),
    );
    await kernel.answer(); // {"hello": version}
    return kernel;
  }

  private readonly lines: AsyncIterator<string>;

  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, null>) {
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws what the kernel has to say about a request that it refuses */
  public async call(api: string, request: Answer): Promise<Answer> {
    this.child.stdin.write(`${JSON.stringify({ api, ...request })}\n`);
    const answer = await this.answer();
    if ('ok' in answer) return answer.ok as Answer;
    throw new Error(`jsii kernel, ${api}: ${JSON.stringify(answer).slice(0, 1_000)}`);
  }

  public create(fqn: string, ...args: unknown[]): Promise<Answer> {
    return this.call('create', { fqn, args });
  }

  public stop(): void {
    this.child.stdin.end();
  }

  private async answer(): Promise<Answer> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('jsii kernel: the runtime has ended');
    return JSON.parse(value) as Answer;
  }
}
