import { stretches } from '../../src/decoder/gzip-members';
import { textLines } from '../../src/decoder/text-lines';

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
  for (const { bytes } of textLines(Buffer.concat(texts))) {
    if (lines.push(bytes) > MAX_LINES) return { unreadable: `more than ${MAX_LINES} lines` };
  }
  return lines;
}
