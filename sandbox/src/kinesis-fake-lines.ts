import { gunzipSync } from 'node:zlib';

/** The JSON objects of a record: NDJSON, single JSON, or the same gzipped (one or several members). */
export function decodeLines(data: Buffer): Record<string, unknown>[] {
  const text = (isGzip(data) ? gunzipSync(data) : data).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function isGzip(data: Buffer): boolean {
  return data[0] === 0x1f && data[1] === 0x8b;
}
