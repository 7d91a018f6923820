import { type Clock, sleep } from '../../extension/src/clock';
import {
  type KinesisClient,
  KinesisError,
  type PutRecordsEntry,
  type RecordOutcome,
} from '../../extension/src/kinesis-client';

/** What one call comes to: an error code for the whole call, or an error code per record (undefined: written). */
export type Answer = string | ((data: string, index: number) => string | undefined);

/** Kinesis in memory. Each call takes the next answer of the script, and `otherwise` when it is used up. */
export class ScriptedKinesis implements KinesisClient {
  public readonly calls: {
    readonly data: readonly string[];
    readonly keys: readonly string[];
    readonly timeoutMs: number;
  }[] = [];
  /** The data of every record written, in the order of writing. */
  public readonly written: string[] = [];
  public readonly hastened: number[] = [];
  public underWay = 0;
  public mostUnderWay = 0;
  public script: Answer[] = [];
  public otherwise: Answer = () => undefined;
  public latencyMs = 5;

  public constructor(private readonly clock: Clock) {}

  public async putRecords(entries: readonly PutRecordsEntry[], timeoutMs: number): Promise<RecordOutcome[]> {
    const data = entries.map((entry) => entry.data.toString());
    this.calls.push({ data, keys: entries.map((entry) => entry.partitionKey), timeoutMs });
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    const answer = this.script.shift() ?? this.otherwise;
    await sleep(this.clock, Math.min(this.latencyMs, timeoutMs));
    this.underWay -= 1;
    if (this.latencyMs > timeoutMs) throw new KinesisError('Timeout', 'no answer in time');
    if (typeof answer === 'string') throw new KinesisError(answer, 'scripted');
    // One record that is invalid makes Kinesis refuse the call as a whole.
    if (data.some((line) => line.includes('poison'))) throw new KinesisError('ValidationException', 'poison', 400);
    return data.map((line, index) => {
      const errorCode = answer(line, index);
      if (errorCode === undefined) this.written.push(line);
      return errorCode === undefined ? {} : { errorCode };
    });
  }

  public hasten(ms: number): void {
    this.hastened.push(ms);
  }
}
