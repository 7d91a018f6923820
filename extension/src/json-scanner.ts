/**
 * Finds where JSON values end, in bytes, without building anything: the hot path copies values as they are.
 * It accepts exactly what JSON.parse accepts (RFC 8259) apart from the encoding, which the caller checks once for
 * a whole body; every function returns -1 where the text is not JSON. Iterative, so depth costs no stack.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

export function skipWhitespace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

/** The position after the value that starts at `from` (no white space before it). */
export function endOfValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) return endOfString(bytes, from);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfContainer(bytes, from);
  return endOfScalar(bytes, from);
}

/** The position after the closing quote of the string whose opening quote is at `from`. */
export function endOfString(bytes: Uint8Array, from: number): number {
  const length = bytes.length;
  let at = from + 1;
  for (;;) {
    at = afterOrdinaryWords(bytes, at);
    while (at < length && IS_ORDINARY[bytes[at] as number] === 1) at += 1;
    if (bytes[at] === QUOTE) return at + 1;
    if (bytes[at] !== BACKSLASH) return -1; // a control character, or the end
    at = endOfEscape(bytes, at + 1);
    if (at < 0) return -1;
  }
}

/** 1 for each byte that stands for itself in a string: all but the quote, the backslash and control characters. */
const IS_ORDINARY = new Uint8Array(256).fill(1, 0x20);
IS_ORDINARY[QUOTE] = 0;
IS_ORDINARY[BACKSLASH] = 0;

/** Most of what is ever scanned is the text of log lines: four bytes at a time, as far as all are ordinary. */
function afterOrdinaryWords(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; (at & 3) !== 0; at += 1) if (IS_ORDINARY[bytes[at] as number] !== 1) return at;
  const words = wordsOf(bytes);
  let index = at >> 2;
  for (; index < words.length; index += 1) {
    // Each test sets the highest bit of a byte: below 0x20, a quote, a backslash.
    const word = words[index] as number;
    const quote = word ^ 0x22222222;
    const backslash = word ^ 0x5c5c5c5c;
    const below = (word - 0x20202020) & ~word;
    const special = below | ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash);
    if ((special & 0x80808080) !== 0) break;
  }
  return Math.max(at, index << 2);
}

let scanned: Uint8Array | undefined;
let words: Int32Array = new Int32Array(0);

/** `bytes` as words; of the bytes scanned last, so that the view is made once for a body. */
function wordsOf(bytes: Uint8Array): Int32Array {
  if (bytes !== scanned) {
    scanned = bytes;
    // A view must be aligned; where it cannot be, there are no words.
    words = new Int32Array(bytes.buffer, bytes.byteOffset & ~3, bytes.byteOffset % 4 === 0 ? bytes.length >> 2 : 0);
  }
  return words;
}

function endOfEscape(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 1;
    case 0x75: // u
      for (let digit = at + 1; digit <= at + 4; digit += 1) if (!isHexDigit(bytes[digit])) return -1;
      return at + 5;
    default:
      return -1;
  }
}

function endOfContainer(bytes: Uint8Array, from: number): number {
  const closers: number[] = [];
  let at = from;
  for (;;) {
    // a value starts here
    const byte = bytes[at];
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const closer = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      at = skipWhitespace(bytes, at + 1);
      if (bytes[at] !== closer) {
        closers.push(closer);
        if (closer === CLOSE_BRACE) at = startOfMemberValue(bytes, at);
        if (at < 0) return -1;
        continue;
      }
      at += 1;
    } else {
      at = byte === QUOTE ? endOfString(bytes, at) : endOfScalar(bytes, at);
      if (at < 0) return -1;
    }
    // a value has ended here
    for (;;) {
      const closer = closers[closers.length - 1];
      if (closer === undefined) return at;
      at = skipWhitespace(bytes, at);
      if (bytes[at] === closer) {
        closers.pop();
        at += 1;
        continue;
      }
      if (bytes[at] !== COMMA) return -1;
      at = skipWhitespace(bytes, at + 1);
      if (closer === CLOSE_BRACE) at = startOfMemberValue(bytes, at);
      if (at < 0) return -1;
      break;
    }
  }
}

/** From a key's opening quote to the first byte of its value. */
function startOfMemberValue(bytes: Uint8Array, from: number): number {
  const afterKey = bytes[from] === QUOTE ? endOfString(bytes, from) : -1;
  return afterKey < 0 ? -1 : afterColon(bytes, afterKey);
}

function afterColon(bytes: Uint8Array, from: number): number {
  const colon = skipWhitespace(bytes, from);
  return bytes[colon] === COLON ? skipWhitespace(bytes, colon + 1) : -1;
}

/** Where a member of an object lies: the key without its quotes, and the value. */
export interface Member {
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
}

/**
 * Reads the member after the opening brace or comma at `from` into `member`; returns the position of the comma or
 * closing brace behind it. An object without members has one that is empty: all positions 0.
 */
export function readMember(bytes: Uint8Array, from: number, member: Member): number {
  const at = skipWhitespace(bytes, from + 1);
  if (bytes[at] === CLOSE_BRACE && bytes[from] === OPEN_BRACE) {
    member.keyStart = member.keyEnd = member.valueStart = member.valueEnd = 0;
    return at;
  }
  const afterKey = bytes[at] === QUOTE ? endOfString(bytes, at) : -1;
  const valueStart = afterKey < 0 ? -1 : afterColon(bytes, afterKey);
  const valueEnd = valueStart < 0 ? -1 : endOfValue(bytes, valueStart);
  if (valueEnd < 0) return -1;
  member.keyStart = at + 1;
  member.keyEnd = afterKey - 1;
  member.valueStart = valueStart;
  member.valueEnd = valueEnd;
  const next = skipWhitespace(bytes, valueEnd);
  return bytes[next] === COMMA || bytes[next] === CLOSE_BRACE ? next : -1;
}

/**
 * Walks the members of the object that starts at `from`; returns the position after its closing brace. One object is
 * reused for all members.
 */
export function forEachMember(bytes: Uint8Array, from: number, visit: (member: Member) => void): number {
  const member = newMember();
  let at = from;
  do {
    at = readMember(bytes, at, member);
    if (at < 0) return -1;
    if (member.keyStart > 0) visit(member);
  } while (bytes[at] === COMMA);
  return at + 1;
}

export function newMember(): Member {
  return { keyStart: 0, keyEnd: 0, valueStart: 0, valueEnd: 0 };
}

function endOfScalar(bytes: Uint8Array, from: number): number {
  switch (bytes[from]) {
    case 0x74:
      return endOfWord(bytes, from, 'true');
    case 0x66:
      return endOfWord(bytes, from, 'false');
    case 0x6e:
      return endOfWord(bytes, from, 'null');
    default:
      return endOfNumber(bytes, from);
  }
}

function endOfWord(bytes: Uint8Array, from: number, word: string): number {
  for (let index = 0; index < word.length; index += 1) if (bytes[from + index] !== word.charCodeAt(index)) return -1;
  return from + word.length;
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from; // -
  const integer = at;
  at = endOfDigits(bytes, integer);
  if (at === integer || (bytes[integer] === 0x30 && at > integer + 1)) return -1; // no digit, or 01
  if (bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = endOfDigits(bytes, fraction);
    if (at === fraction) return -1;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const exponent = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
    at = endOfDigits(bytes, exponent);
    if (at === exponent) return -1;
  }
  return at;
}

function endOfDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] ?? 0) >= 0x30 && (bytes[at] as number) <= 0x39) at += 1;
  return at;
}

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
