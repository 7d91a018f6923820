import { skipWhitespace } from '../../extension/src/json-scanner';
import { eachMember } from './json-members';

const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;

/** Deeper objects stay JSON text: each level repeats the names above it. */
const MAX_DEPTH = 8;
/** An object with more is data, not a log line; `record` has all of it. */
const MAX_ATTRIBUTES = 200;

/**
 * The object at `start` as JSON of one level, all values strings: `{"a":{"b":1}}` becomes `{"a.b":"1"}`. Numbers as
 * they were written, arrays as JSON text, no nulls and no empty objects. Where two paths are spelled alike the first
 * stays: a JSON object with a key twice is malformed to Athena's SerDe.
 *
 * @returns undefined when nothing is left
 */
export function flatRecord(bytes: Buffer, start: number): string | undefined {
  const attributes = new Map<string, string>();
  collect(bytes, start, '', 1, attributes);
  if (attributes.size === 0) return undefined;
  return `{${[...attributes].map(([path, value]) => `${JSON.stringify(path)}:${value}`).join(',')}}`;
}

function collect(bytes: Buffer, start: number, prefix: string, depth: number, attributes: Map<string, string>): void {
  eachMember(bytes, start, (key, valueStart, valueEnd) => {
    if (attributes.size >= MAX_ATTRIBUTES) return;
    const path = prefix + key;
    const isObject = bytes[valueStart] === OPEN_BRACE;
    if (isObject && bytes[skipWhitespace(bytes, valueStart + 1)] === CLOSE_BRACE) return;
    if (isObject && depth < MAX_DEPTH) {
      collect(bytes, valueStart, `${path}.`, depth + 1, attributes);
      return;
    }
    const value = asString(bytes.toString('utf8', valueStart, valueEnd), bytes[valueStart]);
    if (value !== undefined && !attributes.has(path)) attributes.set(path, value);
  });
}

function asString(json: string, first: number | undefined): string | undefined {
  if (first === QUOTE) return json;
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return JSON.stringify(json);
  return json === 'null' ? undefined : `"${json}"`;
}
