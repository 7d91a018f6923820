const LINE_FEED = 0x0a;

export interface TextLine {
  readonly bytes: Buffer;
  /** Where it begins in the text. */
  readonly start: number;
}

/**
 * The lines of a text without their line feeds. Blank ones are left out: they come of tools that add line feeds of
 * their own.
 */
export function* textLines(text: Buffer): Generator<TextLine> {
  for (let start = 0; start < text.length; ) {
    const lineFeed = text.indexOf(LINE_FEED, start);
    const end = lineFeed < 0 ? text.length : lineFeed;
    const bytes = text.subarray(start, end);
    if (!isBlank(bytes)) yield { bytes, start };
    start = end + 1;
  }
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}
