import { gzipSync } from 'node:zlib';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { connect, entry, put, startFake } from './fake-kinesis';

const bytes = (count: number) => 'x'.repeat(count);

describe('a stream', () => {
  it('is created, written and read back by the SDK client', async () => {
    const client = connect(await startFake({ streams: [] }));
    await client.send(new CreateStreamCommand({ StreamName: 'mine', ShardCount: 2 }));
    const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName: 'mine' }));
    expect(summary.StreamDescriptionSummary).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 2 });
    const arn = summary.StreamDescriptionSummary?.StreamARN as string;
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
    const answer = await client.send(
      new PutRecordsCommand({ StreamARN: arn, Records: keys.map((key) => entry(`data of ${key}`, key)) }),
    );
    expect(answer.FailedRecordCount).toBe(0);

    const described = await client.send(new DescribeStreamCommand({ StreamName: 'mine' }));
    const { Shards: shards = [] } = await client.send(new ListShardsCommand({ StreamName: 'mine' }));
    expect(shards).toEqual(described.StreamDescription?.Shards);
    const read: string[] = [];
    for (const { ShardId } of shards) {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamName: 'mine', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records: records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
      expect(records.length).toBeGreaterThan(5); // both shards got some
      expect((await client.send(new GetRecordsCommand({ ShardIterator: NextShardIterator }))).Records).toEqual([]);
      read.push(...records.map(({ Data }) => Buffer.from(Data ?? []).toString()));
      const third = records[2];
      const at = await client.send(
        new GetShardIteratorCommand({
          StreamName: 'mine',
          ShardId,
          ShardIteratorType: 'AT_SEQUENCE_NUMBER',
          StartingSequenceNumber: third?.SequenceNumber,
        }),
      );
      const one = await client.send(new GetRecordsCommand({ ShardIterator: at.ShardIterator, Limit: 1 }));
      expect(one.Records?.[0]?.SequenceNumber).toBe(third?.SequenceNumber);
    }
    expect(read.sort()).toEqual(keys.map((key) => `data of ${key}`).sort());
    await client.send(new DeleteStreamCommand({ StreamName: 'mine' }));
    await expect(client.send(put([entry('late')], 'mine'))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('gives back the lines of plain and gzipped records, also of several gzip members', async () => {
    const kinesis = await startFake();
    const members = Buffer.concat([gzipSync('{"n":3}\n'), gzipSync('{"n":4}\n{"n":5}\n')]);
    await connect(kinesis).send(
      new PutRecordsCommand({
        StreamName: 'telemetry',
        Records: [entry('{"n":1}\n{"n":2}\n'), { Data: members, PartitionKey: 'key' }],
      }),
    );
    expect(kinesis.lines('telemetry')).toEqual([1, 2, 3, 4, 5].map((n) => ({ n })));
    expect(kinesis.records()[0]).toMatchObject({ partitionKey: 'key', shardId: 'shardId-000000000000' });
    expect(kinesis.calls[0]).toMatchObject({
      operation: 'PutRecords',
      records: 2,
      status: 200,
      failed: 0,
      streamId: 'telemetry',
    });
  });
});

describe('limits', () => {
  const tooLong = 'Member must have length less than or equal to';

  it.each([
    ['no record', () => [], 'Member must have length greater than or equal to 1'],
    ['501 records', () => Array.from({ length: 501 }, () => entry('x')), `${tooLong} 500`],
    [
      'a record over 1 MiB',
      () => [entry('small'), entry(bytes(1_048_576))],
      `'records.2.member.data' failed to satisfy constraint: ${tooLong} 1048576`,
    ],
    [
      'more than 10 MiB',
      () => Array.from({ length: 11 }, () => entry(bytes(1_000_000))),
      'Records size exceeds 10 MB limit',
    ],
    ['a key of 257 characters', () => [entry('x', 'k'.repeat(257))], `${tooLong} 256`],
    ['an empty key', () => [entry('x', '')], 'Member must have length greater than or equal to 1'],
  ])('refuse a call with %s as a whole', async (_, records, message) => {
    const kinesis = await startFake();
    const refused = connect(kinesis).send(put(records()));
    await expect(refused).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
    expect(kinesis.records()).toEqual([]);
    expect(kinesis.calls[0]).toMatchObject({ status: 400, errorType: 'ValidationException' });
  });

  it('allow 500 records, 1 MiB with its key, and what the stream allows beyond', async () => {
    const kinesis = await startFake({
      streams: [{ name: 'telemetry' }, { name: 'large', maxRecordBytes: 2 * 1_048_576 }],
    });
    const client = connect(kinesis);
    await client.send(put(Array.from({ length: 500 }, () => entry('x'))));
    await client.send(put([entry(bytes(1_048_576 - 3))]));
    await client.send(put([entry(bytes(2 * 1_048_576 - 3))], 'large'));
    expect(kinesis.records()).toHaveLength(502);
  });

  it('throttle each shard beyond 1,000 records a second, if asked for', async () => {
    let nowMs = 0;
    const kinesis = await startFake({ enforceShardLimits: true, nowMs: () => nowMs });
    const client = connect(kinesis);
    const batch = Array.from({ length: 500 }, () => entry('x'));
    const failed = async () => (await client.send(put(batch))).FailedRecordCount;
    expect([await failed(), await failed()]).toEqual([0, 0]);
    const third = await client.send(put(batch));
    expect(third.FailedRecordCount).toBe(500);
    expect(third.Records?.at(-1)).toMatchObject({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: expect.stringContaining('shardId-000000000000'),
    });
    nowMs = 100; // a tenth of a second's tokens are back
    expect(await failed()).toBe(400);
    expect(kinesis.records()).toHaveLength(1_100);
  });
});
