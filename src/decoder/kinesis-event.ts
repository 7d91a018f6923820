import { fromBase64 } from './base64';
import { type DecodeProblem, DecodeProblemCode, TelemetryDecodeError } from './decode-problem';
import { type DecodedRecord, type DecodeOptions, decodeRecord } from './decode-record';
import type { TelemetryLine } from './telemetry-line';

/** What is needed of a record of Lambda's Kinesis event; `KinesisStreamRecord` of `@types/aws-lambda` fits. */
export interface KinesisEventRecordLike {
  readonly eventID?: string;
  readonly kinesis: {
    /** Base64. */
    readonly data: string;
    readonly sequenceNumber: string;
    readonly partitionKey?: string;
    /** Epoch seconds. */
    readonly approximateArrivalTimestamp?: number;
  };
}

/** What is needed of Lambda's Kinesis event; `KinesisStreamEvent` of `@types/aws-lambda` fits. */
export interface KinesisEventLike {
  readonly Records: readonly KinesisEventRecordLike[];
}

export interface DecodedKinesisRecord extends DecodedRecord {
  readonly sequenceNumber: string;
  readonly eventId?: string;
  readonly partitionKey?: string;
  /** When Kinesis got it, epoch ms. */
  readonly arrivedAtMs?: number;
}

export interface DecodedKinesisEvent {
  /** In the order of the event. */
  readonly records: DecodedKinesisRecord[];
  /** The lines of all records. */
  readonly lines: TelemetryLine[];
  /** The problems of all records, with the sequence number of the record. */
  readonly problems: (DecodeProblem & { readonly sequenceNumber: string })[];
}

/**
 * A whole Kinesis event of Lambda to telemetry lines.
 *
 * @throws TelemetryDecodeError in strict mode, after all records were decoded
 */
export function decodeKinesisEvent(event: KinesisEventLike, options: DecodeOptions = {}): DecodedKinesisEvent {
  const records = event.Records.map((record) => decodeOne(record, options));
  const lines = records.flatMap((record) => record.lines);
  const problems = records.flatMap(({ problems: own, sequenceNumber }) =>
    own.map((problem) => ({ ...problem, sequenceNumber })),
  );
  if (options.mode === 'strict' && problems.length > 0) throw new TelemetryDecodeError(problems, lines);
  return { records, lines, problems };
}

function decodeOne({ eventID, kinesis }: KinesisEventRecordLike, options: DecodeOptions): DecodedKinesisRecord {
  const { data, sequenceNumber, partitionKey, approximateArrivalTimestamp: seconds } = kinesis;
  const arrivedAtMs = seconds === undefined ? undefined : Math.round(seconds * 1_000);
  const bytes = fromBase64(data);
  const decoded = bytes ? decodeRecord(bytes, { ...options, mode: 'lenient' }) : notBase64();
  return { ...decoded, sequenceNumber, eventId: eventID, partitionKey, arrivedAtMs };
}

function notBase64(): DecodedRecord {
  const reason = 'the data is not base64';
  return { lines: [], problems: [{ code: DecodeProblemCode.NOT_BASE64, reason, offset: 0, bytes: 0, excerpt: '' }] };
}

/** The answer of a consumer with `ReportBatchItemFailures`. */
export interface KinesisBatchResponse {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/**
 * The partial failure response for records that could not be processed. Lambda goes on from the lowest sequence
 * number in it; everything behind that arrives again, so use a `DeliveryWindow` to leave out what was done already.
 *
 * @param failed sequence numbers, or records
 */
export function batchItemFailures(failed: Iterable<string | DecodedKinesisRecord>): KinesisBatchResponse {
  const numbers = [...failed].map((one) => (typeof one === 'string' ? one : one.sequenceNumber));
  return { batchItemFailures: [...new Set(numbers)].map((itemIdentifier) => ({ itemIdentifier })) };
}
