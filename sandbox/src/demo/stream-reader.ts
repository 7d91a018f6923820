import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ArrivedRecord } from '../archive/archive-writer';
import { decodeLines } from '../kinesis-fake-lines';
import { until } from '../until';
import type { DemoEndpoint } from './endpoint';

export type TelemetryLine = Record<string, unknown> & { readonly type: string };

const SHARDS = 2;
const POLL_MS = 100;

/** An ordinary consumer: the AWS SDK's client, reading every shard of the stream from now on. */
export class StreamReader {
  /** Creates the stream unless it is said to exist, and starts to read. */
  public static async open(
    endpoint: DemoEndpoint,
    existingStream: string | undefined,
    onLine: (line: TelemetryLine) => void,
  ): Promise<StreamReader> {
    const client = new KinesisClient({
      endpoint: endpoint.url,
      region: endpoint.region,
      credentials: endpoint.credentials,
      requestHandler: new NodeHttpHandler(), // the client's default speaks HTTP/2, which emulators do not
    });
    const stream = existingStream ?? 'telemetry-demo';
    if (!existingStream) await client.send(new CreateStreamCommand({ StreamName: stream, ShardCount: SHARDS }));
    const isActive = async (): Promise<boolean> => {
      const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName: stream }));
      return summary.StreamDescriptionSummary?.StreamStatus === 'ACTIVE';
    };
    await until(isActive, `stream ${stream} is active`, { everyMs: 20, timeoutMs: 30_000 });
    const reader = new StreamReader(client, stream, onLine);
    await reader.start();
    return reader;
  }

  public readonly lines: TelemetryLine[] = [];
  public readonly records: ArrivedRecord[] = [];
  /** Data and partition key of each record: what Kinesis bills. */
  public readonly recordBytes: number[] = [];
  private closed = false;
  private loops: Promise<void>[] = [];

  private constructor(
    private readonly client: KinesisClient,
    public readonly stream: string,
    private readonly onLine: (line: TelemetryLine) => void,
  ) {}

  public async close(): Promise<void> {
    this.closed = true;
    this.client.destroy();
    await Promise.allSettled(this.loops);
  }

  private async start(): Promise<void> {
    const { Shards: shards = [] } = await this.client.send(new ListShardsCommand({ StreamName: this.stream }));
    const iterators = await Promise.all(
      shards.map(({ ShardId }) =>
        this.client.send(
          new GetShardIteratorCommand({ StreamName: this.stream, ShardId, ShardIteratorType: 'LATEST' }),
        ),
      ),
    );
    this.loops = iterators.map(({ ShardIterator }) => this.follow(ShardIterator));
    for (const loop of this.loops) loop.catch(() => undefined); // after close(); until then the demo misses lines and says so
  }

  private async follow(first: string | undefined): Promise<void> {
    for (let iterator = first; iterator && !this.closed; ) {
      const answer = await this.client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      for (const record of answer.Records ?? []) {
        const { PartitionKey: key = '', ApproximateArrivalTimestamp: arrivedAt = new Date() } = record;
        const data = Buffer.from(record.Data ?? []);
        this.records.push({ data, arrivedAt: arrivedAt.getTime() });
        this.recordBytes.push(data.length + Buffer.byteLength(key));
        for (const line of decodeLines(data) as TelemetryLine[]) {
          this.lines.push(line);
          this.onLine(line);
        }
      }
      iterator = answer.NextShardIterator;
      if (!answer.Records?.length) await sleep(POLL_MS);
    }
  }
}
