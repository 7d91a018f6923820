/** One entry of a PutRecords call. */
export interface PutRecordsEntry {
  readonly data: Buffer;
  readonly partitionKey: string;
}

/** What became of one entry: written, or refused with Kinesis's error code. */
export interface RecordOutcome {
  readonly errorCode?: string;
}

/**
 * The one thing the extension asks of Kinesis. Outcomes stand in the order of the entries. Rejects with a
 * KinesisError when the call as a whole failed; then nothing is known of its entries but what `code` says.
 */
export interface KinesisClient {
  putRecords(entries: readonly PutRecordsEntry[], timeoutMs: number): Promise<RecordOutcome[]>;
  /** Calls that are under way fail with `Timeout` unless they are answered within `ms`. */
  hasten(ms: number): void;
}

/**
 * A PutRecords call that failed as a whole. `code` is Kinesis's error type without its namespace, or one of ours:
 * `Timeout`, `ConnectionFailed`, `ConnectionLost` (after the request was sent on a kept-alive socket),
 * `UnreadableAnswer`, `MissingCredentials`.
 */
export class KinesisError extends Error {
  public constructor(
    public readonly code: string,
    message: string,
    public readonly status?: number,
  ) {
    super(message);
    this.name = 'KinesisError';
  }
}

/** By name: each file of the bundle has a copy of the class. */
export function isKinesisError(error: unknown): error is KinesisError {
  return error instanceof Error && error.name === 'KinesisError';
}

/** Whether other credentials may help. */
export function refusesCredentials(code: string): boolean {
  return /^(ExpiredToken(Exception)?|UnrecognizedClientException|InvalidSignatureException)$/.test(code);
}
