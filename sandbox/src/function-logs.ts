import { StringDecoder } from 'node:string_decoder';
import type { PlatformEvent } from './telemetry-events';

/** Frame types on the runtime's log descriptor; the first is the one Lambda's own runtime client uses. */
export const FRAME = { log: 0xa55a0003, mark: 0xa55a00ff } as const;
const HEADER_BYTES = 16;
/** Ends what an invocation wrote to stdout or stderr; the request id follows. */
export const STREAM_MARK = '\u0000sandbox-end:';

/** Cuts the runtime's log descriptor into messages: type, length, time in microseconds, text. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  public constructor(private readonly onFrame: (type: number, text: string, epochMs: number) => void) {}

  public push(chunk: Buffer): void {
    const data = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let offset = 0;
    while (data.length - offset >= HEADER_BYTES) {
      const end = offset + HEADER_BYTES + data.readUInt32BE(offset + 4);
      if (end > data.length) break;
      const epochMs = Number(data.readBigUInt64BE(offset + 8) / 1_000n);
      this.onFrame(data.readUInt32BE(offset), data.toString('utf8', offset + HEADER_BYTES, end), epochMs);
      offset = end;
    }
    this.rest = data.subarray(offset);
  }
}

/** Cuts a stream into lines; a mark ends an unfinished line. */
export class LineReader {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';

  public constructor(
    private readonly onLine: (line: string) => void,
    private readonly onMark: (requestId: string) => void = () => undefined,
  ) {}

  public push(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const mark = line.indexOf(STREAM_MARK);
      const text = mark < 0 ? line : line.slice(0, mark);
      if (text !== '' || mark < 0) this.onLine(text);
      if (mark >= 0) this.onMark(line.slice(mark + STREAM_MARK.length));
    }
  }

  public end(): void {
    if (this.rest !== '') this.onLine(this.rest);
    this.rest = '';
  }
}

/** A message of the managed console: its text is final, in JSON format it is one object. */
export function consoleEvent(text: string, epochMs: number, logFormat: 'Text' | 'JSON'): PlatformEvent {
  const time = new Date(epochMs).toISOString();
  return { time, type: 'function', record: text, ...(logFormat === 'JSON' ? { recordJson: text } : {}) };
}

/** A line written to stdout or stderr past the console. */
export function rawLineEvent(type: 'function' | 'extension', line: string, logFormat: 'Text' | 'JSON'): PlatformEvent {
  const time = new Date().toISOString();
  if (logFormat === 'Text') return { time, type, record: line };
  const recordJson = isJsonObject(line) ? line : JSON.stringify({ timestamp: time, level: 'INFO', message: line });
  return { time, type, record: recordJson, recordJson };
}

function isJsonObject(line: string): boolean {
  if (!/^\s*\{/.test(line)) return false;
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
