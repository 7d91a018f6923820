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
    // One look-up a byte: most of what is ever scanned is the text of log lines.
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

/**
 * Walks the members of the object that starts at `from`; returns the position after its closing brace.
 * `visit` gets the key without its quotes and the value.
 */
export function forEachMember(
  bytes: Uint8Array,
  from: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void,
): number {
  let at = skipWhitespace(bytes, from + 1);
  if (bytes[at] === CLOSE_BRACE) return at + 1;
  for (;;) {
    const afterKey = bytes[at] === QUOTE ? endOfString(bytes, at) : -1;
    const valueStart = afterKey < 0 ? -1 : afterColon(bytes, afterKey);
    const valueEnd = valueStart < 0 ? -1 : endOfValue(bytes, valueStart);
    if (valueEnd < 0) return -1;
    visit(at + 1, afterKey - 1, valueStart, valueEnd);
    at = skipWhitespace(bytes, valueEnd);
    if (bytes[at] === CLOSE_BRACE) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = skipWhitespace(bytes, at + 1);
  }
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
