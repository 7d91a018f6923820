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

/**
 * Writes events as lines of the record schema, version 1 (docs/record-schema.md): one JSON object ended by `\n`, keys
 * in a fixed order, absent when unknown. `time`, `type` and the record are copied as the bytes Lambda sent.
 */
export class RecordEncoder {
  private readonly identity: Buffer;
  private readonly tags: string;
  /** What stands between time and number of a function's line, by far the most of all lines. */
  private readonly functionHead: Buffer;
  /** Request and tags: the same for all lines of an invocation. */
  private context = EMPTY;
  private contextOf: string | undefined;

  /** `maxLineBytes`: a longer line is cut inside its record and marked. */
  public constructor(
    identity: Identity,
    tags: Readonly<Record<string, string>>,
    private readonly maxLineBytes: number,
  ) {
    this.identity = Buffer.from(
      `${member('account_id', identity.accountId)}${member('region', identity.region)}${member(
        'function_name',
        identity.functionName,
      )}${member('function_version', identity.functionVersion)}${member('instance_id', identity.instanceId)},"seq":`,
    );
    this.functionHead = Buffer.concat([TYPE, Buffer.from('"function"'), this.identity]);
    this.tags = Object.keys(tags).length === 0 ? '' : member('tags', tags);
    this.context = Buffer.from(this.tags);
  }

  /** Writes one line into the span that `reserve` gives for its exact size; undefined when it gives none. */
  public encode(event: EncodableEvent, reserve: (bytes: number) => Span | undefined): EncodedLine | undefined {
    const { body, slice, seq } = event;
    const head = this.headOf(body, slice);
    const context = this.contextFor(event.requestId);
    const platform = event.platform === undefined ? EMPTY : Buffer.from(platformMembers(event.platform));
    const key = recordKey(body, slice);
    const recordBytes = slice.recordStart < 0 ? 0 : slice.recordEnd - slice.recordStart;
    const seqDigits = digitsOf(seq);
    const aroundBytes =
      VERSION.length +
      (slice.timeStart < 0 ? 0 : TIME.length + slice.timeEnd - slice.timeStart) +
      head.length +
      seqDigits +
      context.length +
      platform.length +
      END_BYTES;
    const tailBytes = key === VALUE ? 1 : 0;
    const truncated = recordBytes > 0 && aroundBytes + key.length + recordBytes + tailBytes > this.maxLineBytes;
    const replacement = truncated ? cutRecord(body, slice, this.maxLineBytes - aroundBytes) : EMPTY;
    const bytes = aroundBytes + (truncated ? replacement.length : key.length + recordBytes + tailBytes);

    const span = reserve(bytes);
    if (span === undefined) return undefined;
    const { target } = span;
    let to = append(target, span.at, VERSION);
    if (slice.timeStart >= 0) {
      to = append(target, to, TIME);
      to = appendShort(target, to, body, slice.timeStart, slice.timeEnd);
    }
    to = append(target, to, head);
    to = appendNumber(target, to, seq, seqDigits);
    to = append(target, to, context);
    to = append(target, to, platform);
    if (truncated) {
      to = append(target, to, replacement);
    } else if (recordBytes > 0) {
      to = append(target, to, key);
      const start = to;
      to += body.copy(target, to, slice.recordStart, slice.recordEnd);
      if (key !== MESSAGE) flatten(target, start, to);
      if (key === VALUE) target[to++] = CLOSE_BRACE;
    }
    target[to] = CLOSE_BRACE;
    target[to + 1] = LINE_FEED;
    return { bytes, truncated };
  }

  private headOf(body: Buffer, { typeStart, typeEnd }: EventSlice): Buffer {
    if (typeStart < 0) return this.identity;
    if (isText(body, typeStart, typeEnd, '"function"')) return this.functionHead;
    return Buffer.concat([TYPE, body.subarray(typeStart, typeEnd), this.identity]);
  }

  private contextFor(requestId: string | undefined): Buffer {
    if (requestId !== this.contextOf) {
      this.contextOf = requestId;
      this.context = Buffer.from(member('request_id', requestId) + this.tags);
    }
    return this.context;
  }
}

const EMPTY = Buffer.alloc(0);
const VERSION = Buffer.from('{"v":1');
const TIME = Buffer.from(',"time":');
const TYPE = Buffer.from(',"type":');
const MESSAGE = Buffer.from(',"message":');
const RECORD = Buffer.from(',"record":');
const VALUE = Buffer.from(',"record":{"value":');
const END_BYTES = 2;

function append(target: Buffer, at: number, part: Buffer): number {
  if (part.length > 0) target.set(part, at);
  return at + part.length;
}

/** Some tens of bytes: for so few, a call into the runtime and the view it makes cost more than a loop. */
function appendShort(target: Buffer, at: number, source: Buffer, start: number, end: number): number {
  for (let index = start; index < end; index += 1) target[at + index - start] = source[index] as number;
  return at + end - start;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  return digits;
}

function appendNumber(target: Buffer, at: number, value: number, digits: number): number {
  let rest = value;
  for (let to = at + digits - 1; to >= at; to -= 1) {
    target[to] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
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
