const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/**
 * The longest valid prefix of a JSON string's content (the bytes between its quotes) that fits `maxBytes`: it ends
 * neither inside a UTF-8 sequence nor inside an escape, nor between the two halves of an escaped surrogate pair.
 */
export function cutJsonStringContent(content: Buffer, maxBytes: number): Buffer {
  if (content.length <= maxBytes) return content;
  let end = Math.max(0, maxBytes);
  while (end > 0 && ((content[end] as number) & 0xc0) === 0x80) end -= 1;
  end = beforeSplitEscape(content, end);
  if (/\\u[dD][89abAB][0-9a-fA-F]{2}$/.test(content.subarray(Math.max(0, end - 6), end).toString('latin1'))) {
    const start = end - 6;
    if (isEscapeStart(content, start)) end = start;
  }
  return content.subarray(0, end);
}

/** Any JSON text as the content of a JSON string, cut to `maxBytes`. */
export function asJsonStringContent(json: Buffer, maxBytes: number): Buffer {
  // Escaping never shortens, so more input than fits is never needed; 3 spare bytes complete a UTF-8 sequence.
  const text = json.subarray(0, maxBytes + 3).toString('utf8');
  const quoted = Buffer.from(JSON.stringify(text), 'utf8');
  return cutJsonStringContent(quoted.subarray(1, -1), maxBytes);
}

/** Moves `end` to the start of the escape that it would cut in two. */
function beforeSplitEscape(content: Buffer, end: number): number {
  for (let start = end - 1; start >= Math.max(0, end - 5); start -= 1) {
    if (content[start] !== BACKSLASH || !isEscapeStart(content, start)) continue;
    return start + (content[start + 1] === LETTER_U ? 6 : 2) > end ? start : end;
  }
  return end;
}

/** A backslash starts an escape when an even number of backslashes stands right before it. */
function isEscapeStart(content: Buffer, at: number): boolean {
  let before = at;
  while (before > 0 && content[before - 1] === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}
