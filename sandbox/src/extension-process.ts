import { join } from 'node:path';
import { LineReader } from './function-logs';
import { ProcessGroup } from './process-group';

/** The file could not be executed, or the process ended when it must not. */
export class SandboxError extends Error {
  public override readonly name = 'SandboxError';
  public constructor(
    public readonly errorType: string,
    /** The message without its type. */
    public readonly reason: string,
  ) {
    super(`${errorType}: ${reason}`);
  }
}

/** One running file of extensions/. */
export class ExtensionProcess {
  /** @throws SandboxError Extension.LaunchError */
  public static async launch(
    name: string,
    optFolder: string,
    env: Readonly<Record<string, string>>,
    cwd: string,
    onLine: (line: string) => void,
  ): Promise<ExtensionProcess> {
    const file = join(optFolder, 'extensions', name);
    try {
      const group = await ProcessGroup.spawn(file, [], { env, cwd });
      return new ExtensionProcess(name, group, onLine);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code === 'EACCES' ? 'PermissionDenied' : (error as Error).message;
      throw new SandboxError('Extension.LaunchError', `${name}: ${reason}`);
    }
  }

  /** It is being shut down: its end is no crash. */
  public leaving = false;

  private constructor(
    public readonly name: string,
    public readonly group: ProcessGroup,
    onLine: (line: string) => void,
  ) {
    for (const stream of [group.stdout, group.stderr]) {
      const lines = new LineReader(onLine);
      stream.on('data', (chunk: Buffer) => lines.push(chunk));
      stream.on('end', () => lines.end());
    }
  }

  /** Rejects when the process ends while it must not; otherwise stays pending. */
  public async crashed(): Promise<never> {
    const { exitCode, signal } = await this.group.exited;
    if (this.leaving) return new Promise<never>(() => undefined);
    const how = signal ? `signal ${signal}` : `exit code ${exitCode}`;
    throw new SandboxError('Extension.Crash', `${this.name} ended outside SHUTDOWN with ${how}`);
  }
}
