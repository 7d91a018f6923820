import { dirname, join } from 'node:path';
import { consoleEvent, FRAME, FrameReader, LineReader, rawLineEvent } from './function-logs';
import { ProcessGroup } from './process-group';
import type { Settings } from './settings';
import type { PlatformEvent } from './telemetry-events';
import { within } from './until';

const CHANNELS = 3; // stdout, stderr and the log descriptor
const DRAIN_LIMIT_MS = 10_000;

/** The function's process: node with the runtime client. Everything it writes becomes function events. */
export class RuntimeProcess {
  public static async launch(
    settings: Settings,
    env: Readonly<Record<string, string>>,
    onEvent: (event: PlatformEvent) => void,
  ): Promise<RuntimeProcess> {
    const client = join(__dirname, 'runtime-client.mjs');
    const group = await ProcessGroup.spawn(settings.nodePath, [client, settings.handler], {
      env,
      cwd: dirname(settings.handler),
      logDescriptor: true,
    });
    return new RuntimeProcess(group, settings.logFormat, onEvent);
  }

  public leaving = false;
  /** The last lines of its output, for error messages. */
  public readonly lastLines: string[] = [];
  private readonly marks = new Map<string, { seen: number; resolve: () => void; readonly drained: Promise<void> }>();

  private constructor(
    public readonly group: ProcessGroup,
    logFormat: 'Text' | 'JSON',
    onEvent: (event: PlatformEvent) => void,
  ) {
    const emit = (event: PlatformEvent): void => {
      this.lastLines.push(String(event.record));
      if (this.lastLines.length > 10) this.lastLines.shift();
      onEvent(event);
    };
    const frames = new FrameReader((type, text, epochMs) => {
      if (type === FRAME.mark) this.mark(text);
      else emit(consoleEvent(text, epochMs, logFormat));
    });
    group.logDescriptor.on('data', (chunk: Buffer) => frames.push(chunk));
    for (const stream of [group.stdout, group.stderr]) {
      const lines = new LineReader(
        (line) => emit(rawLineEvent('function', line, logFormat)),
        (requestId) => this.mark(requestId),
      );
      stream.on('data', (chunk: Buffer) => lines.push(chunk));
      stream.on('end', () => lines.end());
    }
  }

  /** Resolves when everything the invocation wrote has been read. */
  public async drained(requestId: string): Promise<void> {
    await within(Promise.race([this.entry(requestId).drained, this.group.closed]), DRAIN_LIMIT_MS);
    this.marks.delete(requestId);
  }

  private mark(requestId: string): void {
    const entry = this.entry(requestId);
    entry.seen += 1;
    if (entry.seen === CHANNELS) entry.resolve();
  }

  private entry(requestId: string) {
    const known = this.marks.get(requestId);
    if (known) return known;
    let resolve: () => void = () => undefined;
    const drained = new Promise<void>((done) => {
      resolve = done;
    });
    const entry = { seen: 0, resolve, drained };
    this.marks.set(requestId, entry);
    return entry;
  }
}
