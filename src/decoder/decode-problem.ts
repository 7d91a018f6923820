import type { TelemetryLine } from './telemetry-line';

/** Stable codes of what cannot be decoded. */
export const DecodeProblemCode = {
  /** Not base64 in an event where base64 has to be. */
  NOT_BASE64: 'NOT_BASE64',
  /** A gzip member that is cut or damaged. */
  BAD_GZIP: 'BAD_GZIP',
  /** More text than `maxBytes`: the rest of the record was not looked at. */
  TOO_LARGE: 'TOO_LARGE',
  /** A line that is not UTF-8 or not one JSON object. */
  NOT_JSON: 'NOT_JSON',
  /** A JSON object that does not follow the record schema: somebody else's, or damaged. */
  NOT_TELEMETRY: 'NOT_TELEMETRY',
  /** A later version of the record schema than this decoder knows. */
  UNKNOWN_VERSION: 'UNKNOWN_VERSION',
} as const;
export type DecodeProblemCode = (typeof DecodeProblemCode)[keyof typeof DecodeProblemCode];

/** Something in a record that is no telemetry line. */
export interface DecodeProblem {
  readonly code: DecodeProblemCode;
  /** What is wrong, in words. */
  readonly reason: string;
  /**
   * Where it begins, in bytes: for BAD_GZIP in the data as received, otherwise in the record's text (after
   * decompression; several gzip members count as one text).
   */
  readonly offset: number;
  /** How many bytes are concerned. */
  readonly bytes: number;
  /** The beginning of the line as text, at most 200 characters; empty for BAD_GZIP and TOO_LARGE. */
  readonly excerpt: string;
}

/** Thrown in strict mode, after everything was decoded: what could be read is in `lines` all the same. */
export class TelemetryDecodeError extends Error {
  public override readonly name = 'TelemetryDecodeError';

  public constructor(
    public readonly problems: readonly DecodeProblem[],
    public readonly lines: readonly TelemetryLine[],
  ) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super(`${first?.code} at byte ${first?.offset}: ${first?.reason}${more}`);
  }

  /** The code of the first problem. */
  public get code(): DecodeProblemCode | undefined {
    return this.problems[0]?.code;
  }
}
