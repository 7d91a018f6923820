import {
  endOfString,
  endOfValue,
  forEachMember,
  type Member,
  newMember,
  readMember,
  skipWhitespace,
} from './json-scanner';

/**
 * Where the parts of one telemetry event lie in the POSTed body. Positions are byte offsets, ends exclusive; strings
 * include their quotes; -1 where a part is absent. One object is reused for all events of a body: copy what you keep.
 */
export interface EventSlice {
  timeStart: number;
  timeEnd: number;
  typeStart: number;
  typeEnd: number;
  recordStart: number;
  recordEnd: number;
  /** The record's own `requestId`, where the record is an object that has one (Lambda's JSON log format). */
  requestIdStart: number;
  requestIdEnd: number;
}

export interface SplitResult {
  readonly events: number;
  /** Elements that are no JSON object, and the rest of a body that cannot be read on: each counted once. */
  readonly malformed: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const TIME = Buffer.from('time');
const TYPE = Buffer.from('type');
const RECORD = Buffer.from('record');
const REQUEST_ID = Buffer.from('requestId');

/**
 * Splits the body of one Telemetry API POST, a JSON array of events, by scanning its bytes; `onEvent` gets each event
 * in order. What is not JSON is skipped where its end can be told, so that its neighbours arrive.
 */
export function splitEvents(body: Uint8Array, onEvent: (slice: EventSlice) => void): SplitResult {
  const slice = newSlice();
  let events = 0;
  let malformed = 0;
  let at = skipWhitespace(body, 0);
  if (at >= body.length) return { events, malformed };
  if (body[at] !== OPEN_BRACKET) return { events, malformed: 1 };
  at = skipWhitespace(body, at + 1);
  if (body[at] === CLOSE_BRACKET) return { events, malformed };
  for (;;) {
    const end = body[at] === OPEN_BRACE ? readEvent(body, at, slice) : -1;
    if (end >= 0) {
      events += 1;
      onEvent(slice);
    } else {
      malformed += 1;
    }
    at = skipWhitespace(body, end >= 0 ? end : endOfMalformed(body, at));
    if (body[at] === CLOSE_BRACKET) return { events, malformed };
    if (body[at] !== COMMA) return { events, malformed: end < 0 ? malformed : malformed + 1 };
    at = skipWhitespace(body, at + 1);
  }
}

const member = newMember();

function readEvent(body: Uint8Array, from: number, slice: EventSlice): number {
  reset(slice);
  const usualEnd = readUsualEvent(body, from, slice);
  if (usualEnd >= 0) return usualEnd;
  reset(slice);
  let at = from;
  do {
    at = readMember(body, at, member);
    if (at < 0) return -1;
    takeMember(body, member, slice);
  } while (body[at] === COMMA);
  return at + 1;
}

function takeMember(body: Uint8Array, { keyStart, keyEnd, valueStart, valueEnd }: Member, slice: EventSlice): void {
  if (isText(body, keyStart, keyEnd, TIME)) {
    // Anything but a string would give the consumer's column two types.
    slice.timeStart = body[valueStart] === QUOTE ? valueStart : -1;
    slice.timeEnd = valueEnd;
  } else if (isText(body, keyStart, keyEnd, TYPE)) {
    slice.typeStart = body[valueStart] === QUOTE ? valueStart : -1;
    slice.typeEnd = valueEnd;
  } else if (isText(body, keyStart, keyEnd, RECORD)) {
    takeRecord(body, valueStart, valueEnd, slice);
  }
}

function takeRecord(body: Uint8Array, start: number, end: number, slice: EventSlice): void {
  slice.recordStart = start;
  slice.recordEnd = end;
  slice.requestIdStart = -1;
  if (body[start] === OPEN_BRACE) readRequestId(body, start, slice);
}

/** A line of a function exactly as Lambda writes it, by far the most of all events: compared in place of scanned. */
function readUsualEvent(body: Uint8Array, from: number, slice: EventSlice): number {
  const timeStart = from + BEFORE_TIME.length - 1;
  const timeEnd = timeStart + TIME_BYTES;
  const recordStart = timeEnd + BEFORE_RECORD.length;
  if (!isText(body, from, timeStart + 1, BEFORE_TIME) || !isText(body, timeEnd, recordStart, BEFORE_RECORD)) return -1;
  if (endOfString(body, timeStart) !== timeEnd) return -1;
  const recordEnd = endOfValue(body, recordStart);
  if (recordEnd < 0 || body[recordEnd] !== CLOSE_BRACE) return -1;
  slice.timeStart = timeStart;
  slice.timeEnd = timeEnd;
  slice.typeStart = timeEnd + TYPE_OFFSET;
  slice.typeEnd = slice.typeStart + TYPE_BYTES;
  takeRecord(body, recordStart, recordEnd, slice);
  return recordEnd + 1;
}

const BEFORE_TIME = Buffer.from('{"time":"');
/** 2026-01-01T00:00:00.000Z and its quotes. */
const TIME_BYTES = 26;
const BEFORE_RECORD = Buffer.from(',"type":"function","record":');
const TYPE_OFFSET = ',"type":'.length;
const TYPE_BYTES = '"function"'.length;

function readRequestId(body: Uint8Array, recordStart: number, slice: EventSlice): void {
  forEachMember(body, recordStart, ({ keyStart, keyEnd, valueStart, valueEnd }) => {
    if (body[valueStart] !== QUOTE || !isText(body, keyStart, keyEnd, REQUEST_ID)) return;
    slice.requestIdStart = valueStart;
    slice.requestIdEnd = valueEnd;
  });
}

/**
 * Where a broken element ends: the comma or bracket that closes it, told by its brackets and strings alone. The end
 * of the body when even these do not match.
 */
function endOfMalformed(body: Uint8Array, from: number): number {
  const whole = endOfValue(body, from);
  if (whole >= 0) return whole; // valid JSON, only not an object
  let depth = 0;
  let at = from;
  while (at < body.length) {
    const byte = body[at] as number;
    if (byte === QUOTE) {
      at = endOfBrokenString(body, at);
      continue;
    }
    if (depth === 0 && (byte === COMMA || byte === CLOSE_BRACKET)) return at;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
    at += 1;
  }
  return body.length;
}

/** The position after the next quote that no backslash escapes: a string may be what is broken, yet has an end. */
function endOfBrokenString(body: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** Whether the bytes from `start` to before `end` are those of `text`: a string's would cost a call each. */
export function isText(body: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index += 1) if (body[start + index] !== text[index]) return false;
  return true;
}

function newSlice(): EventSlice {
  return {
    timeStart: -1,
    timeEnd: -1,
    typeStart: -1,
    typeEnd: -1,
    recordStart: -1,
    recordEnd: -1,
    requestIdStart: -1,
    requestIdEnd: -1,
  };
}

function reset(slice: EventSlice): void {
  slice.timeStart = -1;
  slice.typeStart = -1;
  slice.recordStart = -1;
  slice.requestIdStart = -1;
}
