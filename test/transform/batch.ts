import { gzipSync } from 'node:zlib';
import { decodeRecord, type TelemetryLine } from '../../src/decoder';
import type { FirehoseAnswer, FirehoseRecord } from '../../transform/src/firehose-event';
import type { TransformSettings } from '../../transform/src/settings';
import { transformBatch } from '../../transform/src/transform-batch';

export const NO_CHANGE: TransformSettings = { flatten: false, tags: {}, compress: false };

export function firehoseRecord(data: Buffer | string, recordId = 'id'): FirehoseRecord {
  return { recordId, data: Buffer.from(data).toString('base64') };
}

export function dataOf({ data }: Pick<FirehoseAnswer, 'data'>): Buffer {
  return Buffer.from(data, 'base64');
}

/** The lines of one record after the transform, as objects. */
export function transformed(data: Buffer, settings: Partial<TransformSettings>): TelemetryLine[] {
  const { answers } = transformBatch({ records: [firehoseRecord(data)] }, { ...NO_CHANGE, ...settings });
  return answers.flatMap((answer) => decodeRecord(dataOf(answer), { mode: 'strict' }).lines);
}

/** The same text in gzip members, cut at any byte: a reader sees no difference. */
export function gzipMembers(text: Buffer, cuts: readonly number[]): Buffer {
  const ends = [...new Set(cuts.map((cut) => Math.floor(cut * text.length)))].sort((a, b) => a - b);
  const bounds = [0, ...ends, text.length];
  return Buffer.concat(bounds.slice(1).map((end, index) => gzipSync(text.subarray(bounds[index], end))));
}

/** What Lambda would measure. */
export function responseBytes(records: readonly FirehoseAnswer[]): number {
  return Buffer.byteLength(JSON.stringify({ records }));
}
