import { constraintError, KinesisServiceError, validationError } from './kinesis-fake-error';

export const MAX_RECORDS_PER_CALL = 500;
/** Data and partition keys of one call. */
export const MAX_CALL_BYTES = 10 * 1_024 * 1_024;
/** Data and partition key of one record; a stream may allow up to 10 MiB. */
export const DEFAULT_MAX_RECORD_BYTES = 1_024 * 1_024;
const MAX_KEY_CHARACTERS = 256;
const MAX_HASH_KEY = 2n ** 128n - 1n;

export interface PutRecord {
  readonly data: Buffer;
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  /** What counts toward limits: data and key. */
  readonly bytes: number;
}

/** Reads the records of a PutRecords request without judging how many and how large they are. */
export function parseRecords(value: unknown): PutRecord[] {
  if (value === undefined || value === null) throw constraintError('null', 'records', 'Member must not be null');
  if (!Array.isArray(value)) throw new KinesisServiceError('SerializationException', 'Records must be a list');
  return value.map((entry, index) =>
    parseRecord((entry ?? {}) as Record<string, unknown>, `records.${index + 1}.member`),
  );
}

function parseRecord(entry: Record<string, unknown>, member: string): PutRecord {
  const { Data: data, PartitionKey: key, ExplicitHashKey: explicit } = entry;
  if (data === undefined || data === null) throw constraintError('null', `${member}.data`, 'Member must not be null');
  if (key === undefined || key === null)
    throw constraintError('null', `${member}.partitionKey`, 'Member must not be null');
  if (typeof data !== 'string') throw new KinesisServiceError('SerializationException', 'Data must be a base64 string');
  if (typeof key !== 'string') throw new KinesisServiceError('SerializationException', 'PartitionKey must be a string');
  const decoded = Buffer.from(data, 'base64');
  if (decoded.toString('base64').replace(/=+$/, '') !== data.replace(/=+$/, '')) {
    throw new KinesisServiceError('SerializationException', `${member}.data is not base64`);
  }
  const characters = [...key].length;
  if (characters < 1) {
    throw constraintError('', `${member}.partitionKey`, 'Member must have length greater than or equal to 1');
  }
  if (characters > MAX_KEY_CHARACTERS) {
    throw constraintError(
      key,
      `${member}.partitionKey`,
      `Member must have length less than or equal to ${MAX_KEY_CHARACTERS}`,
    );
  }
  if (explicit !== undefined && explicit !== null) checkHashKey(String(explicit));
  return {
    data: decoded,
    partitionKey: key,
    explicitHashKey: explicit === undefined || explicit === null ? undefined : String(explicit),
    bytes: decoded.length + Buffer.byteLength(key),
  };
}

function checkHashKey(hashKey: string): void {
  if (!/^(0|[1-9]\d{0,38})$/.test(hashKey) || BigInt(hashKey) > MAX_HASH_KEY) {
    throw new KinesisServiceError(
      'InvalidArgumentException',
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${hashKey}`,
    );
  }
}

/** The limits of a call as a whole: one violation refuses all of it. */
export function checkCall(records: readonly PutRecord[], maxRecordBytes: number): void {
  if (records.length < 1) {
    throw constraintError('[]', 'records', 'Member must have length greater than or equal to 1');
  }
  if (records.length > MAX_RECORDS_PER_CALL) {
    throw constraintError('[...]', 'records', `Member must have length less than or equal to ${MAX_RECORDS_PER_CALL}`);
  }
  records.forEach((record, index) => {
    if (record.bytes <= maxRecordBytes) return;
    const pool = `java.nio.HeapByteBuffer[pos=0 lim=${record.data.length} cap=${record.data.length}]`;
    throw constraintError(
      pool,
      `records.${index + 1}.member.data`,
      `Member must have length less than or equal to ${maxRecordBytes}`,
    );
  });
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  if (bytes > MAX_CALL_BYTES) {
    throw validationError(`Records size exceeds ${MAX_CALL_BYTES / 1_024 / 1_024} MB limit: ${bytes} bytes`);
  }
}
