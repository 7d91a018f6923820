import type { LogLevel } from './settings';

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3, off: 4 };
const REPEAT_AFTER_MS = 60_000;

/**
 * The extension's own lines, in the function's log. Each costs its user money and, when the `extension` type is
 * subscribed, comes back as telemetry: so the default level is `warn`, and a line with the same key is written at
 * most once a minute.
 */
export class Logger {
  private readonly lastWritten = new Map<string, number>();

  public constructor(
    private readonly level: LogLevel,
    private readonly write: (line: string) => void = (line) => process.stdout.write(line),
    private readonly now: () => number = Date.now,
  ) {}

  public debug(message: string): void {
    this.line('debug', message);
  }

  public info(message: string): void {
    this.line('info', message);
  }

  public warn(key: string, message: string): void {
    if (this.isDue(key)) this.line('warn', message);
  }

  public error(key: string, message: string): void {
    if (this.isDue(key)) this.line('error', message);
  }

  /** A line that a machine reads: as it is, at every level. */
  public raw(line: string): void {
    try {
      this.write(line);
    } catch {
      // a closed stdout must not reach the function
    }
  }

  private isDue(key: string): boolean {
    const last = this.lastWritten.get(key);
    const now = this.now();
    if (last !== undefined && now >= last && now - last < REPEAT_AFTER_MS) return false;
    this.lastWritten.set(key, now);
    return true;
  }

  private line(level: Exclude<LogLevel, 'off'>, message: string): void {
    if (ORDER[level] < ORDER[this.level]) return;
    this.raw(`[kinesis-telemetry-extension] ${level}: ${message.replace(/[\r\n]+/g, ' ')}\n`);
  }
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
