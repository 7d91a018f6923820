import { stretches } from '../../src/decoder/gzip-members';

const LINE_FEED = 0x0a;

/** More than any record of the extension has: gzip can hide gigabytes in a few KB. */
const MAX_TEXT_BYTES = 64 * 1_024 * 1_024;
const MAX_LINES = 100_000;

/**
 * The lines of a record without their line feeds, blank ones left out. Gzip members are inflated; several are one text.
 *
 * @returns what is wrong when a gzip member is damaged or the record holds too much
 */
export function recordLines(data: Buffer): Buffer[] | { readonly unreadable: string } {
  const texts: Buffer[] = [];
  for (const stretch of stretches(data, MAX_TEXT_BYTES)) {
    if (stretch.kind === 'bad-gzip') return { unreadable: stretch.reason };
    if (stretch.kind === 'too-large') return { unreadable: `more than ${MAX_TEXT_BYTES} bytes of text` };
    texts.push(stretch.text);
  }
  const lines: Buffer[] = [];
  for (const line of linesOf(Buffer.concat(texts))) {
    if (lines.push(line) > MAX_LINES) return { unreadable: `more than ${MAX_LINES} lines` };
  }
  return lines;
}

function* linesOf(text: Buffer): Generator<Buffer> {
  for (let start = 0; start < text.length; ) {
    const lineFeed = text.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? text.length : lineFeed;
    const line = text.subarray(start, end);
    if (!line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09)) yield line;
    start = end + 1;
  }
}
