import { decodeLine } from './decode-line';
import { type DecodeProblem, DecodeProblemCode, TelemetryDecodeError } from './decode-problem';
import { stretches } from './gzip-members';
import type { TelemetryLine } from './telemetry-line';
import { textLines } from './text-lines';

export interface DecodeOptions {
  /**
   * `lenient` returns what is wrong beside what is right. `strict` throws a `TelemetryDecodeError` when anything is
   * wrong, after it has decoded everything.
   *
   * @default 'lenient'
   */
  readonly mode?: 'lenient' | 'strict';

  /**
   * How much text a record may hold after decompression, in bytes: a few KB of gzip can be gigabytes of text.
   *
   * @default 67108864 (64 MiB)
   */
  readonly maxBytes?: number;
}

export interface DecodedRecord {
  /** In the order of the record. */
  readonly lines: TelemetryLine[];
  readonly problems: DecodeProblem[];
}

const DEFAULT_MAX_BYTES = 64 * 1_024 * 1_024;

/**
 * The data of one Kinesis record (not base64), or of a whole object that Firehose has joined from many, to telemetry
 * lines. The format is recognized: NDJSON, JSON and NDJSON_GZIP, several gzip members, also a mixture of them.
 *
 * @throws TelemetryDecodeError in strict mode
 */
export function decodeRecord(data: Uint8Array, options: DecodeOptions = {}): DecodedRecord {
  const { mode = 'lenient', maxBytes = DEFAULT_MAX_BYTES } = options;
  const decoded: DecodedRecord = { lines: [], problems: [] };
  let offset = 0;
  for (const stretch of stretches(Buffer.from(data.buffer, data.byteOffset, data.byteLength), maxBytes)) {
    if (stretch.kind === 'text') {
      decodeText(stretch.text, offset, decoded);
      offset += stretch.text.length;
    } else if (stretch.kind === 'bad-gzip') {
      const { offset: at, bytes, reason } = stretch;
      decoded.problems.push({ code: DecodeProblemCode.BAD_GZIP, reason, offset: at, bytes, excerpt: '' });
    } else {
      const reason = `more than ${maxBytes} bytes of text`;
      decoded.problems.push({ code: DecodeProblemCode.TOO_LARGE, reason, offset, bytes: 0, excerpt: '' });
    }
  }
  if (mode === 'strict' && decoded.problems.length > 0) throw new TelemetryDecodeError(decoded.problems, decoded.lines);
  return decoded;
}

function decodeText(text: Buffer, offset: number, decoded: DecodedRecord): void {
  for (const { bytes, start } of textLines(text)) {
    const result = decodeLine(bytes, offset + start);
    if ('line' in result) decoded.lines.push(result.line);
    else decoded.problems.push(result.problem);
  }
}
