import type { PutRecord } from './kinesis-fake-limits';

/** What a test knows of a call when it decides how the fake behaves. */
export interface FakeCall {
  /** 0, 1, 2 ... among the calls of this operation. */
  readonly index: number;
  readonly operation: string;
  /** Number of records; 0 for other operations than PutRecords. */
  readonly records: number;
  /** StreamName or StreamARN, as sent. */
  readonly streamId: string;
}

/** How the fake departs from a plain success. */
export interface Behaviour {
  /** Wait before anything else is done. */
  readonly delayMs?: number;
  /** Never answer. */
  readonly hang?: boolean;
  /** Cut the connection without an answer; nothing is stored. */
  readonly reset?: boolean;
  /** Store the records, then cut the connection: the client cannot know. */
  readonly acceptThenReset?: boolean;
  /** Refuse the whole call; default type: InternalFailure from 500 on, else ProvisionedThroughputExceededException. */
  readonly status?: number;
  readonly errorType?: string;
  readonly message?: string;
  /** An error code for single records; the others are stored. */
  readonly failRecord?: (record: PutRecord, index: number) => string | undefined;
  /** Answer for the first n records only; all are stored. */
  readonly truncateResponse?: number;
  /** Answer 200 with a body that is no JSON; the records are stored. */
  readonly notJson?: boolean;
}

export type BehaviourOf = (call: FakeCall) => Behaviour | undefined;

/** One request the fake has seen. */
export interface RecordedCall {
  /** Epoch ms. */
  readonly at: number;
  readonly operation: string;
  readonly streamId: string;
  readonly records: number;
  /** Data and partition keys. */
  readonly bytes: number;
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent while it hangs and when the connection was cut. */
  status?: number;
  /** Records refused singly. */
  failed: number;
  errorType?: string;
  answeredAt?: number;
}
