import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { killGroup, reaper, signalGroup } from './reaper';
import { within } from './until';

export interface ProcessExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SpawnOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Opens a pipe on descriptor 3. */
  readonly logDescriptor?: boolean;
}

/** A process and all its descendants, in a process group of their own: signalled, stopped and killed as one. */
export class ProcessGroup {
  /** @throws when the file cannot be executed: no such file, no exec bit, no interpreter */
  public static async spawn(command: string, args: readonly string[], options: SpawnOptions): Promise<ProcessGroup> {
    const spawnedAt = performance.now();
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...options.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', options.logDescriptor ? 'pipe' : 'ignore'],
    });
    const group = new ProcessGroup(child, spawnedAt);
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', resolve);
    });
    return group;
  }

  public readonly pid: number;
  public readonly exited: Promise<ProcessExit>;
  /** Exited, and everything it wrote has been read. */
  public readonly closed: Promise<void>;
  public exit: ProcessExit | undefined;

  private constructor(
    private readonly child: ChildProcess,
    /** performance.now() of the spawn. */
    public readonly spawnedAt: number,
  ) {
    this.pid = child.pid ?? 0;
    if (this.pid) reaper.watch(this.pid);
    this.exited = new Promise((resolve) => {
      child.once('exit', (exitCode, signal) => {
        this.exit = { exitCode, signal };
        killGroup(this.pid); // descendants do not outlive their leader
        reaper.forget(this.pid);
        resolve(this.exit);
      });
    });
    this.closed = new Promise((resolve) => child.once('close', () => resolve()));
  }

  public get stdout(): Readable {
    return this.child.stdout as Readable;
  }

  public get stderr(): Readable {
    return this.child.stderr as Readable;
  }

  public get logDescriptor(): Readable {
    return this.child.stdio[3] as Readable;
  }

  public signal(signal: NodeJS.Signals): void {
    if (!this.exit) signalGroup(this.pid, signal);
  }

  /** SIGKILL, then wait until it is gone and its output is read. */
  public async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
    // a descendant that left the group may hold the pipes open
    await within(this.closed, 500);
  }

  /** Highest memory use so far in MB, or 0 when the process is gone. */
  public get peakMemoryMb(): number {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
      return Math.ceil(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
    } catch {
      return 0;
    }
  }
}
