/**
 * HTTP/1.1 messages (RFC 9112) as the bytes of a connection bring them. Node.js has a parser, but loading `node:http`
 * costs a fifth of the time to the first /next (docs/decisions/0005-cold-start.md).
 */

export interface MessageHead {
  /** The request line or the status line. */
  readonly startLine: string;
  /** By lower-case name; values of repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Bytes of the body; undefined where only its end will tell. */
  readonly bodyBytes: number | undefined;
  /** Another message may follow on the connection. */
  readonly persists: boolean;
}

export interface MessageParts {
  readonly onHead: (head: MessageHead) => void;
  /** A piece of the body: `bytes` from `start` to before `end`. */
  readonly onBody: (bytes: Buffer, start: number, end: number) => void;
  readonly onEnd: () => void;
}

/** These bytes are no HTTP/1.1 message; nothing that follows them can be understood. */
export class MalformedMessage extends Error {}

/** What comes next: a line, or bytes of the body. */
type Expected = 'start' | 'header' | 'chunk-size' | 'chunk-end' | 'trailer' | 'sized' | 'chunk' | 'unsized';

const LINE_FEED = 0x0a;
/** As much as Node.js allows (`--max-http-header-size`). */
const MAX_HEAD_BYTES = 16_384;
const REQUEST_LINE = /^[!-~]+ [!-~]+ HTTP\/1\.[01]$/;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: .*)?$/;
const HEADER = /^([!#$%&'*+\-.^_`|~\w]+):[ \t]*(.*?)[ \t]*$/;
const CHUNK_SIZE = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/;

/** Reads the messages of one direction of one connection, one after the other. */
export class MessageReader {
  private expected: Expected = 'start';
  /** Of a line whose end has not come. */
  private line = '';
  private headBytes = 0;
  private startLine = '';
  private headers: Record<string, string | undefined> = Object.create(null);
  private bytesLeft = 0;

  public constructor(
    private readonly kind: 'request' | 'response',
    private readonly parts: MessageParts,
  ) {}

  /** Reads `bytes` from `from` on, at most to the end of one message; returns how far. Throws MalformedMessage. */
  public read(bytes: Buffer, from: number): number {
    let at = from;
    let isWithin = true;
    while (isWithin && at < bytes.length) {
      const { expected } = this;
      if (expected === 'sized' || expected === 'chunk' || expected === 'unsized') {
        const end = expected === 'unsized' ? bytes.length : Math.min(bytes.length, at + this.bytesLeft);
        this.bytesLeft -= end - at;
        this.parts.onBody(bytes, at, end);
        at = end;
        if (this.bytesLeft === 0 && expected === 'chunk') this.expected = 'chunk-end';
        if (this.bytesLeft === 0 && expected === 'sized') isWithin = this.end();
      } else {
        const lineEnd = bytes.indexOf(LINE_FEED, at);
        const end = lineEnd < 0 ? bytes.length : lineEnd + 1;
        this.headBytes += end - at;
        if (this.headBytes > MAX_HEAD_BYTES) throw new MalformedMessage(`more than ${MAX_HEAD_BYTES} bytes of head`);
        this.line += bytes.toString('latin1', at, end);
        at = end;
        if (lineEnd >= 0) isWithin = this.takeLine(this.line.replace(/\r?\n$/, ''));
      }
    }
    return at;
  }

  /** The connection has ended, and with it a body that only this ends; returns whether a message was cut off. */
  public close(): boolean {
    if (this.expected === 'unsized') this.end();
    return this.expected !== 'start' || this.line !== '';
  }

  /** Returns whether the message goes on. */
  private takeLine(line: string): boolean {
    this.line = '';
    switch (this.expected) {
      case 'start':
        if (line === '') return true; // left over by a careless sender (RFC 9112, 2.2)
        if (!(this.kind === 'request' ? REQUEST_LINE : STATUS_LINE).test(line)) throw new MalformedMessage(line);
        this.startLine = line;
        this.expected = 'header';
        return true;
      case 'header':
        return line === '' ? this.beginBody() : this.takeHeader(line);
      case 'chunk-size': {
        const size = CHUNK_SIZE.exec(line)?.[1];
        if (size === undefined) throw new MalformedMessage(`chunk size ${line}`);
        this.bytesLeft = Number.parseInt(size, 16);
        this.expected = this.bytesLeft > 0 ? 'chunk' : 'trailer';
        this.headBytes = 0;
        return true;
      }
      case 'chunk-end':
        if (line !== '') throw new MalformedMessage('a chunk is longer than its size');
        this.expected = 'chunk-size';
        return true;
      default:
        return line === '' ? this.end() : true; // trailers tell us nothing
    }
  }

  private takeHeader(line: string): boolean {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined) throw new MalformedMessage(`header ${line}`);
    const key = name.toLowerCase();
    const before = this.headers[key];
    this.headers[key] = before === undefined ? value : `${before}, ${value}`;
    return true;
  }

  private beginBody(): boolean {
    const { headers, startLine } = this;
    const status = STATUS_LINE.exec(startLine)?.[1] ?? '';
    if (status.startsWith('1')) return !this.reset(); // an interim answer: the real one follows
    const coding = headers['transfer-encoding'];
    const length = headers['content-length'];
    if (coding !== undefined && !/^chunked$/i.test(coding)) throw new MalformedMessage(`transfer coding ${coding}`);
    if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new MalformedMessage(`content length ${length}`);

    const hasNone = status === '204' || status === '304' || (length === undefined && this.kind === 'request');
    const bodyBytes =
      coding === undefined && (hasNone || length !== undefined) ? Number(hasNone ? 0 : length) : undefined;
    const persists = startLine.includes('HTTP/1.1') && !/\bclose\b/i.test(headers.connection ?? '');
    this.parts.onHead({ startLine, headers, bodyBytes, persists });
    this.bytesLeft = bodyBytes ?? 0;
    if (bodyBytes === 0) return this.end();
    if (coding !== undefined) this.expected = 'chunk-size';
    else this.expected = bodyBytes === undefined ? 'unsized' : 'sized';
    return true;
  }

  private end(): false {
    this.reset();
    this.parts.onEnd();
    return false;
  }

  private reset(): false {
    this.expected = 'start';
    this.headBytes = 0;
    this.headers = Object.create(null);
    return false;
  }
}
