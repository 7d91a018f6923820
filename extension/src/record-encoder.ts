import { type EventSlice, isText } from './event-splitter';
import type { Identity } from './identity';
import type { PlatformFields } from './platform-event';
import { asJsonStringContent, cutJsonStringContent } from './truncation';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const CLOSE_BRACE = 0x7d;

/** One event on its way to a line: where its bytes lie, and what the extension knows about it. */
export interface EncodableEvent {
  readonly body: Buffer;
  readonly slice: EventSlice;
  readonly seq: number;
  readonly requestId?: string;
  readonly platform?: PlatformFields;
}

/** Where a line is written: `bytes` free bytes of `target` from `at` on. */
export interface Span {
  readonly target: Buffer;
  readonly at: number;
}

export interface EncodedLine {
  /** With its line feed. */
  readonly bytes: number;
  readonly truncated: boolean;
}

/** What stands around the bytes that Lambda sent: the same for nearly all lines of an invocation. */
interface Frame {
  readonly timeBytes: number;
  readonly requestId: string | undefined;
  readonly key: Buffer;
  /** From the opening brace to the number, with room for the time. */
  readonly before: Buffer;
  /** Between number and record. */
  readonly after: Buffer;
  /** `after`, and the record's key. */
  readonly afterWithKey: Buffer;
}

/**
 * Writes events as lines of the record schema, version 1 (docs/record-schema.md): one JSON object ended by `\n`, keys
 * in a fixed order, absent when unknown. `time`, `type` and the record are copied as the bytes Lambda sent.
 */
export class RecordEncoder {
  private readonly identity: string;
  private readonly tags: string;
  /** Of the last line of a function, by far the most of all lines. */
  private functionFrame: Frame | undefined;
  private plainOf: Buffer = EMPTY;
  private plainBody: Uint8Array = EMPTY;

  /** `maxLineBytes`: a longer line is cut inside its record and marked. */
  public constructor(
    identity: Identity,
    tags: Readonly<Record<string, string>>,
    private readonly maxLineBytes: number,
  ) {
    this.identity = `${member('account_id', identity.accountId)}${member('region', identity.region)}${member(
      'function_name',
      identity.functionName,
    )}${member('function_version', identity.functionVersion)}${member('instance_id', identity.instanceId)},"seq":`;
    this.tags = Object.keys(tags).length === 0 ? '' : member('tags', tags);
  }

  /** Writes one line into the span that `reserve` gives for its exact size; undefined when it gives none. */
  public encode(event: EncodableEvent, reserve: (bytes: number) => Span | undefined): EncodedLine | undefined {
    const { body, slice, seq } = event;
    const { timeBytes, before, after, afterWithKey, key } = this.frameOf(event);
    const recordBytes = slice.recordStart < 0 ? 0 : slice.recordEnd - slice.recordStart;
    const seqDigits = digitsOf(seq);
    const tailBytes = key === VALUE ? 1 : 0;
    const wholeBytes = before.length + seqDigits + afterWithKey.length + recordBytes + tailBytes + END_BYTES;
    const truncated = recordBytes > 0 && wholeBytes > this.maxLineBytes;
    const aroundBytes = before.length + seqDigits + after.length + END_BYTES;
    const replacement = truncated ? cutRecord(body, slice, this.maxLineBytes - aroundBytes) : EMPTY;
    const bytes = truncated ? aroundBytes + replacement.length : wholeBytes;

    const span = reserve(bytes);
    if (span === undefined) return undefined;
    const { target, at } = span;
    target.set(before, at);
    for (let index = 0; index < timeBytes; index += 1) {
      target[at + OPENING_WITH_TIME.length + index] = body[slice.timeStart + index] as number;
    }
    let to = appendNumber(target, at + before.length, seq, seqDigits);
    if (truncated) {
      target.set(after, to);
      target.set(replacement, to + after.length);
    } else {
      target.set(afterWithKey, to);
      to += afterWithKey.length;
      if (recordBytes > 0) target.set(this.plain(body).subarray(slice.recordStart, slice.recordEnd), to);
      if (key !== MESSAGE) flatten(target, to, to + recordBytes);
      if (key === VALUE) target[to + recordBytes] = CLOSE_BRACE;
    }
    target[at + bytes - END_BYTES] = CLOSE_BRACE;
    target[at + bytes - 1] = LINE_FEED;
    return { bytes, truncated };
  }

  private frameOf(event: EncodableEvent): Frame {
    const { body, slice, requestId } = event;
    const timeBytes = slice.timeStart < 0 ? 0 : slice.timeEnd - slice.timeStart;
    const key = recordKey(body, slice);
    const isFunction = isText(body, slice.typeStart, slice.typeEnd, FUNCTION);
    const last = this.functionFrame;
    const fits = last?.timeBytes === timeBytes && last.requestId === requestId && last.key === key;
    if (isFunction && fits) return last;
    const frame = this.newFrame(event, timeBytes, key);
    if (isFunction) this.functionFrame = frame;
    return frame;
  }

  private newFrame({ body, slice, requestId, platform }: EncodableEvent, timeBytes: number, key: Buffer): Frame {
    const opening = timeBytes > 0 ? OPENING_WITH_TIME : OPENING;
    const type = slice.typeStart < 0 ? EMPTY : Buffer.concat([TYPE, body.subarray(slice.typeStart, slice.typeEnd)]);
    const before = Buffer.concat([opening, Buffer.alloc(timeBytes), type, Buffer.from(this.identity)]);
    const members =
      member('request_id', requestId) + this.tags + (platform === undefined ? '' : platformMembers(platform));
    const after = Buffer.from(members);
    return { timeBytes, requestId, key, before, after, afterWithKey: Buffer.concat([after, key]) };
  }

  /** A view without a Buffer's methods, whose `subarray` V8 knows: half the price of `Buffer.copy`. Made once for a body. */
  private plain(body: Buffer): Uint8Array {
    if (body !== this.plainOf) {
      this.plainOf = body;
      this.plainBody = new Uint8Array(body.buffer, body.byteOffset, body.length);
    }
    return this.plainBody;
  }
}

const EMPTY = Buffer.alloc(0);
const OPENING = Buffer.from('{"v":1');
const OPENING_WITH_TIME = Buffer.from('{"v":1,"time":');
const TYPE = Buffer.from(',"type":');
const FUNCTION = Buffer.from('"function"');
const MESSAGE = Buffer.from(',"message":');
const RECORD = Buffer.from(',"record":');
const VALUE = Buffer.from(',"record":{"value":');
const END_BYTES = 2;

function digitsOf(value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  return digits;
}

function appendNumber(target: Buffer, at: number, value: number, digits: number): number {
  let rest = value;
  for (let to = at + digits - 1; to >= at; to -= 1) {
    const tens = Math.floor(rest / 10);
    target[to] = 0x30 + rest - 10 * tens; // `%` is a call where numbers are not known to be small
    rest = tens;
  }
  return at + digits;
}

function recordKey(body: Buffer, slice: EventSlice): Buffer {
  if (slice.recordStart < 0) return EMPTY;
  const first = body[slice.recordStart];
  if (first === QUOTE) return MESSAGE;
  return first === OPEN_BRACE ? RECORD : VALUE;
}

/** What stands in place of a record that is too long: a prefix of it as `message`, with the marker. */
function cutRecord(body: Buffer, slice: EventSlice, maxBytes: number): Buffer {
  const originalBytes = slice.recordEnd - slice.recordStart;
  const marker = Buffer.from(`","truncated":true,"original_bytes":${originalBytes}`);
  const room = maxBytes - MESSAGE.length - 1 - marker.length;
  const record = body.subarray(slice.recordStart, slice.recordEnd);
  const prefix =
    record[0] === QUOTE ? cutJsonStringContent(record.subarray(1, -1), room) : asJsonStringContent(record, room);
  return Buffer.concat([MESSAGE, Buffer.from('"'), prefix, marker]);
}

/** White space between JSON tokens may be a line break, which would end the line: it becomes a space. */
function flatten(target: Buffer, start: number, end: number): void {
  for (const lineBreak of [LINE_FEED, CARRIAGE_RETURN]) {
    let at = target.subarray(start, end).indexOf(lineBreak);
    while (at >= 0) {
      target[start + at] = SPACE;
      at = target.subarray(start, end).indexOf(lineBreak, at + 1);
    }
  }
}

function platformMembers(fields: PlatformFields): string {
  return (
    member('status', fields.status) +
    member('error_type', fields.errorType) +
    member('duration_ms', fields.durationMs) +
    member('billed_duration_ms', fields.billedDurationMs) +
    member('init_duration_ms', fields.initDurationMs) +
    member('max_memory_used_mb', fields.maxMemoryUsedMb) +
    member('memory_size_mb', fields.memorySizeMb)
  );
}

/** `,"key":value`, or nothing for an unknown value: a key is absent, never null. */
function member(key: string, value: unknown): string {
  return value === undefined || value === '' ? '' : `,${JSON.stringify(key)}:${JSON.stringify(value)}`;
}
