import { KinesisError, type PutRecordsEntry, type RecordOutcome } from './kinesis-client';
import type { StreamReference } from './kinesis-endpoint';

/**
 * The JSON body of PutRecords (AWS JSON 1.1), written once into memory of at least its size: the base64 text of a
 * record is never joined with others as a string.
 */
export function putRecordsBody(
  stream: StreamReference,
  entries: readonly PutRecordsEntry[],
  allocate: (bytes: number) => Buffer,
): Buffer {
  const head = `${JSON.stringify(stream).slice(0, -1)},"Records":[`;
  const keys = entries.map((entry) => JSON.stringify(entry.partitionKey));
  let bytes = Buffer.byteLength(head) + 2;
  entries.forEach((entry, index) => {
    const base64Bytes = Math.ceil(entry.data.length / 3) * 4;
    bytes +=
      DATA.length + base64Bytes + KEY.length + Buffer.byteLength(keys[index] as string) + 1 + (index > 0 ? 1 : 0);
  });
  const body = allocate(bytes).subarray(0, bytes);
  let at = body.write(head, 0);
  entries.forEach((entry, index) => {
    if (index > 0) at += body.write(',', at, 'latin1');
    at += body.write(DATA, at, 'latin1');
    at += body.write(entry.data.toString('base64'), at, 'latin1');
    at += body.write(KEY, at, 'latin1');
    at += body.write(keys[index] as string, at);
    at += body.write('}', at, 'latin1');
  });
  body.write(']}', at, 'latin1');
  return body;
}

const DATA = '{"Data":"';
const KEY = '","PartitionKey":';

/** Reads the outcomes out of a 200 answer. An entry counts as written only when it has a sequence number. */
export function putRecordsOutcomes(answer: Buffer, entries: number): RecordOutcome[] {
  let records: unknown;
  try {
    records = JSON.parse(answer.toString('utf8'))?.Records;
  } catch {
    throw new KinesisError('UnreadableAnswer', 'the answer of PutRecords is not JSON', 200);
  }
  return recordOutcomes(records, entries);
}

/** The outcomes of an answer's `Records`, in the order of the entries. */
export function recordOutcomes(records: unknown, entries: number): RecordOutcome[] {
  if (!Array.isArray(records) || records.length !== entries) {
    const found = Array.isArray(records) ? `${records.length}` : 'no';
    throw new KinesisError('UnreadableAnswer', `PutRecords answered ${found} outcomes for ${entries} records`, 200);
  }
  return records.map((record) => {
    if (record?.ErrorCode) return { errorCode: String(record.ErrorCode) };
    return record?.SequenceNumber ? {} : { errorCode: 'InternalFailure' };
  });
}

/** The error of an answer other than 200. The type may stand in a header, and may carry a namespace. */
export function putRecordsError(status: number, typeHeader: string | undefined, answer: Buffer): KinesisError {
  let type = typeHeader;
  let message = '';
  try {
    const body = JSON.parse(answer.toString('utf8'));
    type ??= body?.__type ?? body?.code;
    message = String(body?.message ?? body?.Message ?? '');
  } catch {
    // a proxy's HTML page, or nothing
  }
  const code = String(type ?? `Http${status}`)
    .replace(/^.*#/, '')
    .replace(/:.*$/, '');
  return new KinesisError(code, message || `status ${status}`, status);
}
