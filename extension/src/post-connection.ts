import type { Socket } from 'node:net';
import { BodyScratch } from './body-scratch';
import { MalformedMessage, type MessageHead, MessageReader } from './http-message';

export interface PostConnectionOptions {
  /** A POST has begun; `onSettled` is called when it is answered or its connection has ended. */
  readonly onBegun: () => void;
  readonly onSettled: () => void;
  /** A body is taken over; what is returned is called when the answer did not get through. */
  readonly onBody: (body: Buffer) => () => void;
  readonly answerDelayMs: () => number;
  /** Undefined while POSTs are taken, else the status line's rest that refuses them. */
  readonly refusal: () => string | undefined;
  readonly maxBodyBytes: number;
  readonly onTooLarge: () => void;
  /** Memory for bodies, shared with other connections. */
  readonly scratches: BodyScratch[];
}

/** One connection on which Lambda posts: body after body, each answered before the next is read. */
export class PostConnection {
  private readonly reader: MessageReader;
  private scratch: BodyScratch | undefined;
  private bodyBytes = 0;
  private persists = true;
  private isUnderWay = false;
  private isAnswering = false;
  /** Came behind a body whose answer is still owed. */
  private rest: Buffer | undefined;
  private onUnanswered: (() => void) | undefined;

  public constructor(
    private readonly socket: Socket,
    private readonly use: PostConnectionOptions,
  ) {
    this.reader = new MessageReader('request', {
      onHead: (head) => this.begin(head),
      onBody: (bytes, start, end) => this.gather(bytes, start, end),
      onEnd: () => this.take(),
    });
    socket.on('data', (bytes) => this.receive(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.onUnanswered?.();
      this.settle();
    });
  }

  private receive(bytes: Buffer): void {
    let at = 0;
    try {
      while (at < bytes.length && !this.isAnswering) at = this.reader.read(bytes, at);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.socket.removeAllListeners('data').resume().end(answerText('400 Bad Request', false));
      return;
    }
    if (at === bytes.length) return;
    this.rest = bytes.subarray(at);
    this.socket.pause();
  }

  private begin({ headers, bodyBytes, persists }: MessageHead): void {
    this.use.onBegun();
    this.isUnderWay = true;
    this.persists &&= persists;
    this.bodyBytes = 0;
    this.scratch = this.use.scratches.pop() ?? new BodyScratch();
    this.scratch.begin(Math.min(bodyBytes ?? 0, this.use.maxBodyBytes));
    if (/^100-continue$/i.test(headers.expect ?? '')) this.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  }

  private gather(bytes: Buffer, start: number, end: number): void {
    this.bodyBytes += end - start;
    if (this.bodyBytes <= this.use.maxBodyBytes) this.scratch?.append(bytes, start, end);
  }

  private take(): void {
    this.isAnswering = true;
    const refusal = this.use.refusal();
    if (refusal !== undefined) {
      this.answer(refusal);
    } else if (this.bodyBytes > this.use.maxBodyBytes) {
      this.use.onTooLarge();
      this.answer('413 Content Too Large');
    } else {
      this.accept();
    }
  }

  private accept(): void {
    try {
      this.onUnanswered = this.use.onBody((this.scratch as BodyScratch).body);
    } finally {
      const delayMs = this.use.answerDelayMs();
      if (delayMs > 0) setTimeout(() => this.answer('200 OK'), delayMs);
      else this.answer('200 OK');
    }
  }

  private answer(status: string): void {
    this.socket.write(answerText(status, this.persists), (error) => {
      if (error) return; // the connection's end follows
      this.onUnanswered = undefined;
      this.isAnswering = false;
      this.settle();
      if (!this.persists) this.socket.end();
      const { rest } = this;
      if (rest === undefined) return;
      this.rest = undefined;
      this.socket.resume();
      this.receive(rest);
    });
  }

  private settle(): void {
    if (!this.isUnderWay) return;
    this.isUnderWay = false;
    this.use.scratches.push(this.scratch as BodyScratch);
    this.use.onSettled();
  }
}

function answerText(status: string, persists: boolean): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: 0\r\n${persists ? '' : 'Connection: close\r\n'}\r\n`;
}
