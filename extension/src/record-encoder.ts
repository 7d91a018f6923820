import type { EventSlice } from './event-splitter';
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
  private readonly tags: Buffer;

  /** `maxLineBytes`: a longer line is cut inside its record and marked. */
  public constructor(
    identity: Identity,
    tags: Readonly<Record<string, string>>,
    private readonly maxLineBytes: number,
  ) {
    this.identity = Buffer.from(
      member('account_id', identity.accountId) +
        member('region', identity.region) +
        member('function_name', identity.functionName) +
        member('function_version', identity.functionVersion) +
        member('instance_id', identity.instanceId),
    );
    this.tags = Buffer.from(Object.keys(tags).length === 0 ? '' : member('tags', tags));
  }

  /** Writes one line into the span that `reserve` gives for its exact size; undefined when it gives none. */
  public encode(event: EncodableEvent, reserve: (bytes: number) => Span | undefined): EncodedLine | undefined {
    const { body, slice } = event;
    const middle = Buffer.from(`,"seq":${event.seq}${member('request_id', event.requestId)}`);
    const platform = event.platform === undefined ? EMPTY : Buffer.from(platformMembers(event.platform));
    const head = recordHead(body, slice);
    const recordBytes = slice.recordStart < 0 ? 0 : slice.recordEnd - slice.recordStart;
    const aroundBytes =
      VERSION.length +
      (slice.timeStart < 0 ? 0 : TIME.length + slice.timeEnd - slice.timeStart) +
      (slice.typeStart < 0 ? 0 : TYPE.length + slice.typeEnd - slice.typeStart) +
      this.identity.length +
      middle.length +
      this.tags.length +
      platform.length +
      END.length;
    const tailBytes = head === VALUE ? 1 : 0;
    const truncated = recordBytes > 0 && aroundBytes + head.length + recordBytes + tailBytes > this.maxLineBytes;
    const replacement = truncated ? cutRecord(body, slice, this.maxLineBytes - aroundBytes) : EMPTY;
    const bytes = aroundBytes + (truncated ? replacement.length : head.length + recordBytes + tailBytes);

    const span = reserve(bytes);
    if (span === undefined) return undefined;
    const { target, at } = span;
    let to = at + VERSION.copy(target, at);
    if (slice.timeStart >= 0) {
      to += TIME.copy(target, to);
      to += body.copy(target, to, slice.timeStart, slice.timeEnd);
    }
    if (slice.typeStart >= 0) {
      to += TYPE.copy(target, to);
      to += body.copy(target, to, slice.typeStart, slice.typeEnd);
    }
    to += this.identity.copy(target, to);
    to += middle.copy(target, to);
    to += this.tags.copy(target, to);
    to += platform.copy(target, to);
    if (truncated) {
      to += replacement.copy(target, to);
    } else if (recordBytes > 0) {
      to += head.copy(target, to);
      const start = to;
      to += body.copy(target, to, slice.recordStart, slice.recordEnd);
      if (head !== MESSAGE) flatten(target, start, to);
      if (head === VALUE) target[to++] = CLOSE_BRACE;
    }
    END.copy(target, to);
    return { bytes, truncated };
  }
}

const EMPTY = Buffer.alloc(0);
const VERSION = Buffer.from('{"v":1');
const TIME = Buffer.from(',"time":');
const TYPE = Buffer.from(',"type":');
const MESSAGE = Buffer.from(',"message":');
const RECORD = Buffer.from(',"record":');
const VALUE = Buffer.from(',"record":{"value":');
const END = Buffer.from('}\n');

function recordHead(body: Buffer, slice: EventSlice): Buffer {
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
