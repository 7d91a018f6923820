import { gzipSync } from 'node:zlib';
import type { BufferedRecord } from './record-buffer';

const LINE_FEED = 0x0a;

/**
 * NDJSON_GZIP: each record's lines as one gzip member of at most `maxBytes`; lines that do not fit together are
 * halved. A single line may be larger. Concatenated records are a valid .gz file.
 */
export function compressRecords(records: readonly BufferedRecord[], maxBytes: number): BufferedRecord[] {
  return records.flatMap((record) => (record.compressed ? [record] : compress(record, maxBytes)));
}

function compress(record: BufferedRecord, maxBytes: number): BufferedRecord[] {
  const data = gzipSync(record.data);
  const middle = data.length > maxBytes ? endOfMiddleLine(record.data) : 0;
  if (middle === 0) return [{ ...record, data, compressed: true }];
  const [head, tail] = [record.data.subarray(0, middle), record.data.subarray(middle)];
  const headEvents = Math.min(record.events, countLines(head));
  return [
    ...compress({ ...record, data: head, events: headEvents }, maxBytes),
    ...compress({ ...record, data: tail, events: record.events - headEvents }, maxBytes),
  ];
}

/** Where the line that crosses the middle ends, or the one before it; 0 when there is but one line. */
function endOfMiddleLine(lines: Buffer): number {
  const after = lines.indexOf(LINE_FEED, Math.floor(lines.length / 2)) + 1;
  return after > 0 && after < lines.length ? after : lines.lastIndexOf(LINE_FEED, lines.length - 2) + 1;
}

function countLines(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(LINE_FEED); at >= 0; at = lines.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
