import { deepStrictEqual } from 'node:assert';
import { gzipSync } from 'node:zlib';
import { decodeRecord } from '../../src/decoder';

interface SampleLine {
  readonly type: string;
  readonly instance_id: string;
  readonly seq?: number;
  readonly message?: string;
}

const MESSAGES = [
  'hello',
  'quotes " and \\ and a tab \t',
  'two\nlines\r\n',
  'separators \u2028 \u2029 \u0085 that are no line feeds',
  'Grüße, 你好, \u{1f642}',
  '',
  'x'.repeat(20_000),
];

const IDENTITY = {
  region: 'us-east-1',
  function_name: 'checkout',
  instance_id: '01a1fd96-bc95-78e1-83f9-5df731bdac31',
};

function line(index: number): string {
  const time = '2026-11-21T10:34:45.940Z';
  const event = { v: 1, time, type: 'function', ...IDENTITY, seq: index + 1, message: MESSAGES[index] };
  return `${JSON.stringify(event)}\n`;
}

const LEDGER = `${JSON.stringify({
  v: 1,
  time: '2026-11-21T10:34:46.940Z',
  type: 'extension.stats',
  ...IDENTITY,
  received: MESSAGES.length,
  delivered: MESSAGES.length,
  dropped: 0,
  held: 0,
})}\n`;

/** Records of each format, docs/record-schema.md: many lines in one, one in each, and the same compressed. */
export function sampleRecords(): Record<'NDJSON' | 'JSON' | 'NDJSON_GZIP', Buffer[]> {
  const lines = [...MESSAGES.map((_, index) => line(index)), LEDGER];
  const text = Buffer.from(lines.join(''));
  const half = Buffer.from(lines.slice(0, 4).join(''));
  const rest = Buffer.from(lines.slice(4).join(''));
  return {
    NDJSON: [text],
    JSON: lines.map((one) => Buffer.from(one)),
    NDJSON_GZIP: [gzipSync(half), gzipSync(rest), Buffer.concat([gzipSync(half), gzipSync(rest)])],
  };
}

/** @throws unless a decoder written in another language reads what ours reads, in the same order */
export async function expectSameLines(
  records: readonly Buffer[],
  decode: (base64: string) => Promise<string>,
): Promise<void> {
  const output = await decode(records.map((record) => `${record.toString('base64')}\n`).join(''));
  const found = output.split('\n').filter(Boolean);
  const expected = records.flatMap((record) => [...decodeRecord(record, { mode: 'strict' }).lines]);
  deepStrictEqual(
    found.map((text) => essence(JSON.parse(text) as SampleLine)),
    expected.map((event) => essence(event as SampleLine)),
  );
}

/** Decoders may leave out what is empty, as Go's does. */
function essence({ type, instance_id, seq, message }: SampleLine): SampleLine {
  return { type, instance_id, seq, message: message ?? '' };
}
