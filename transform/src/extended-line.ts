import { skipWhitespace } from '../../extension/src/json-scanner';
import { isExtensionStats, type TelemetryLine } from '../../src/decoder';
import { flatRecord } from './flat-record';
import { eachMember } from './json-members';
import { levelOf } from './log-level';
import type { TransformSettings } from './settings';

const OPEN_BRACE = 0x7b;

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * The line with tags, `level` and `attributes`. Text is inserted, never printed anew: what was there stays byte for
 * byte, big numbers and the order of keys included. What a line has of these already is left as it is.
 */
export function extendedLine(bytes: Buffer, line: TelemetryLine, settings: TransformSettings): Buffer {
  const values = new Map<string, { readonly start: number; readonly end: number }>();
  const end = eachMember(bytes, skipWhitespace(bytes, 0), (key, start, end) => values.set(key, { start, end }));
  const insertions: Insertion[] = [];
  const add = (key: string, json: string | undefined) => {
    if (json !== undefined && !values.has(key)) insertions.push({ at: end - 1, text: `,"${key}":${json}` });
  };
  const tags = values.get('tags');
  if (tags === undefined) add('tags', objectOf(Object.entries(settings.tags)));
  else if (bytes[tags.start] === OPEN_BRACE) insertions.push(moreTags(tags.end, line.tags ?? {}, settings));
  if (settings.flatten && !isExtensionStats(line)) {
    const level = levelOf(line);
    add('level', level && `"${level}"`);
    const record = values.get('record');
    if (record && bytes[record.start] === OPEN_BRACE) add('attributes', flatRecord(bytes, record.start));
  }
  return withInsertions(bytes, insertions);
}

/** The function's own tags win: they were given closer to the event. */
function moreTags(end: number, own: Readonly<Record<string, string>>, settings: TransformSettings): Insertion {
  const missing = Object.entries(settings.tags).filter(([name]) => !Object.hasOwn(own, name));
  const members = objectOf(missing)?.slice(1, -1) ?? '';
  return { at: end - 1, text: members !== '' && Object.keys(own).length > 0 ? `,${members}` : members };
}

function objectOf(entries: [string, string][]): string | undefined {
  return entries.length > 0 ? JSON.stringify(Object.fromEntries(entries)) : undefined;
}

/** Insertions in the order of the text. */
function withInsertions(bytes: Buffer, insertions: readonly Insertion[]): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { at, text } of insertions) {
    parts.push(bytes.subarray(from, at), Buffer.from(text));
    from = at;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}
