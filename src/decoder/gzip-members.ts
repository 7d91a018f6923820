import { gunzipSync, inflateRawSync } from 'zlib';

/** A stretch of a record's data: text as it was or was inflated to, or what is wrong with it. */
export type Stretch =
  | { readonly kind: 'text'; readonly text: Buffer }
  | { readonly kind: 'bad-gzip'; readonly offset: number; readonly bytes: number; readonly reason: string }
  | { readonly kind: 'too-large' };

/** Two bytes of magic and the only compression method there is. NDJSON never contains the first as a byte. */
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);
const FIXED_HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAG = { HEADER_CRC: 2, EXTRA: 4, NAME: 8, COMMENT: 16 };

/** Plain data as it is, gzip members inflated, in any mixture; a bad member does not hide the next. */
export function* stretches(data: Buffer, maxBytes: number): Generator<Stretch> {
  let left = maxBytes;
  for (let at = 0; at < data.length; ) {
    const next = isMember(data, at) ? inflateMember(data, at, left) : plainStretch(data, at);
    if (next.stretch.kind === 'text') left -= next.stretch.text.length;
    if (left < 0) yield { kind: 'too-large' };
    else yield next.stretch;
    if (left < 0 || next.stretch.kind === 'too-large') return;
    at = next.end;
  }
}

interface Step {
  readonly stretch: Stretch;
  readonly end: number;
}

function isMember(data: Buffer, at: number): boolean {
  return data[at] === MAGIC[0] && data[at + 1] === MAGIC[1];
}

function plainStretch(data: Buffer, at: number): Step {
  const end = nextMember(data, at);
  return { stretch: { kind: 'text', text: data.subarray(at, end) }, end };
}

function nextMember(data: Buffer, from: number): number {
  const found = data.indexOf(MAGIC, from);
  return found < 0 ? data.length : found;
}

function inflateMember(data: Buffer, at: number, maxBytes: number): Step {
  try {
    const end = endOfMember(data, at, maxBytes);
    // once more, now that its end is known: this time zlib compares checksum and length
    const text = gunzipSync(data.subarray(at, end), { maxOutputLength: Math.max(1, maxBytes) });
    return { stretch: { kind: 'text', text }, end };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return { stretch: { kind: 'too-large' }, end: data.length };
    }
    const end = nextMember(data, at + MAGIC.length);
    const reason = `a gzip member cannot be read: ${error instanceof Error ? error.message : error}`;
    return { stretch: { kind: 'bad-gzip', offset: at, bytes: end - at, reason }, end };
  }
}

/** Inflates the raw deflate stream alone: only so does zlib tell where it ends. */
function endOfMember(data: Buffer, at: number, maxBytes: number): number {
  const start = endOfHeader(data, at);
  const options = { info: true, maxOutputLength: Math.max(1, maxBytes) };
  // with `info` it returns an object, which the types of Node.js do not say
  const { engine } = inflateRawSync(data.subarray(start), options) as unknown as { engine: { bytesWritten: number } };
  return start + engine.bytesWritten + TRAILER_BYTES;
}

/** @see https://www.rfc-editor.org/rfc/rfc1952#section-2.3 */
function endOfHeader(data: Buffer, at: number): number {
  const flags = data[at + 3] ?? 0;
  let end = at + FIXED_HEADER_BYTES;
  if (flags & FLAG.EXTRA) end += 2 + ((data[end] ?? 0) | ((data[end + 1] ?? 0) << 8));
  for (const flag of [FLAG.NAME, FLAG.COMMENT]) {
    if ((flags & flag) === 0) continue;
    const zero = data.indexOf(0, end);
    if (zero < 0) throw new Error('its header does not end');
    end = zero + 1;
  }
  return flags & FLAG.HEADER_CRC ? end + 2 : end;
}
