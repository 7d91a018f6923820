/**
 * What is needed of the event that Firehose invokes a processor with, and what it wants back.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 */
export interface FirehoseEvent {
  readonly deliveryStreamArn?: string;
  readonly records: readonly FirehoseRecord[];
}

export interface FirehoseRecord {
  readonly recordId: string;
  /** Base64. */
  readonly data: string;
}

export interface FirehoseAnswer {
  readonly recordId: string;
  /** `Dropped` counts as success; `ProcessingFailed` puts the record into the folder `processing-failed`. */
  readonly result: 'Ok' | 'Dropped' | 'ProcessingFailed';
  /** Base64. Firehose wants it with each result. */
  readonly data: string;
}

export interface FirehoseResponse {
  readonly records: readonly FirehoseAnswer[];
}

/** How many bytes the answer adds to a response that is printed as JSON, its comma included. */
export function bytesOf({ data, ...rest }: FirehoseAnswer): number {
  return Buffer.byteLength(JSON.stringify({ ...rest, data: '' })) + data.length + 1;
}
