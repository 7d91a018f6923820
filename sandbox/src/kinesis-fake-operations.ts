import { constraintError, KinesisServiceError, validationError } from './kinesis-fake-error';
import type { FakeShard, FakeStream, StreamDefinition } from './kinesis-fake-shards';

type Input = Record<string, unknown>;

/** The streams of one account, found by name or ARN. */
export interface StreamDirectory {
  readonly streams: Map<string, FakeStream>;
  create(definition: StreamDefinition, mode?: 'PROVISIONED' | 'ON_DEMAND'): FakeStream;
}

/**
 * The stream a request names by StreamName, StreamARN or both.
 *
 * @throws KinesisServiceError ResourceNotFoundException, ValidationException
 */
export function findStream(directory: StreamDirectory, input: Input): FakeStream {
  const { StreamName: name, StreamARN: arn } = input;
  if (name === undefined && arn === undefined) throw validationError('Must specify either StreamName or StreamARN');
  if (name !== undefined && !/^[a-zA-Z0-9_.-]{1,128}$/.test(String(name))) {
    throw constraintError(
      String(name),
      'streamName',
      'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
    );
  }
  if (arn !== undefined && !/^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/.test(String(arn))) {
    throw constraintError(
      String(arn),
      'streamARN',
      'Member must satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
    );
  }
  const byName = String(name ?? String(arn).split('/').pop());
  const stream = directory.streams.get(byName);
  if (!stream || (arn !== undefined && stream.arn !== arn)) {
    const account = /:(\d{12}):/.exec(String(arn ?? [...directory.streams.values()][0]?.arn))?.[1] ?? '000000000000';
    throw new KinesisServiceError('ResourceNotFoundException', `Stream ${byName} under account ${account} not found.`);
  }
  return stream;
}

/** Everything but PutRecords: what a client needs to make a stream and read it back. */
export const OPERATIONS: Readonly<Record<string, (directory: StreamDirectory, input: Input) => object>> = {
  CreateStream(directory, input) {
    const name = String(input.StreamName ?? '');
    if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name))
      throw constraintError(name, 'streamName', 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
    if (directory.streams.has(name))
      throw new KinesisServiceError('ResourceInUseException', `Stream ${name} already exists.`);
    const mode =
      (input.StreamModeDetails as { StreamMode?: string } | undefined)?.StreamMode === 'ON_DEMAND'
        ? 'ON_DEMAND'
        : 'PROVISIONED';
    const kib = input.MaxRecordSizeInKiB as number | undefined;
    directory.create(
      {
        name,
        ...(input.ShardCount ? { shards: Number(input.ShardCount) } : {}),
        ...(kib ? { maxRecordBytes: kib * 1_024 } : {}),
      },
      mode,
    );
    return {};
  },
  DeleteStream(directory, input) {
    directory.streams.delete(findStream(directory, input).name);
    return {};
  },
  DescribeStream(directory, input) {
    const stream = findStream(directory, input);
    return {
      StreamDescription: { ...describe(stream), Shards: stream.shards.map(describeShard), HasMoreShards: false },
    };
  },
  DescribeStreamSummary(directory, input) {
    const stream = findStream(directory, input);
    return {
      StreamDescriptionSummary: { ...describe(stream), OpenShardCount: stream.shards.length, ConsumerCount: 0 },
    };
  },
  ListStreams(directory) {
    return { StreamNames: [...directory.streams.keys()].sort(), HasMoreStreams: false };
  },
  ListShards(directory, input) {
    return { Shards: findStream(directory, input).shards.map(describeShard) };
  },
  GetShardIterator(directory, input) {
    const stream = findStream(directory, input);
    const shard = findShard(stream, String(input.ShardId));
    return { ShardIterator: iterator(stream, shard, startOf(shard, input)) };
  },
  GetRecords(directory, input) {
    const { stream, shard, position } = resume(directory, String(input.ShardIterator ?? ''));
    const limit = Number(input.Limit ?? 10_000);
    const records = shard.records.slice(position, position + limit);
    return {
      Records: records.map((record) => ({
        ApproximateArrivalTimestamp: record.arrivedAt / 1_000,
        Data: record.data.toString('base64'),
        PartitionKey: record.partitionKey,
        SequenceNumber: record.sequenceNumber,
      })),
      NextShardIterator: iterator(stream, shard, position + records.length),
      MillisBehindLatest: 0,
    };
  },
};

function describe(stream: FakeStream): object {
  return {
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: stream.mode },
    RetentionPeriodHours: 24,
    StreamCreationTimestamp: stream.createdAt / 1_000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
    MaxRecordSizeInKiB: stream.maxRecordBytes / 1_024,
  };
}

function describeShard(shard: FakeShard): object {
  return {
    ShardId: shard.id,
    HashKeyRange: { StartingHashKey: String(shard.startingHashKey), EndingHashKey: String(shard.endingHashKey) },
    SequenceNumberRange: { StartingSequenceNumber: '0' },
  };
}

function findShard(stream: FakeStream, id: string): FakeShard {
  const shard = stream.shards.find((candidate) => candidate.id === id);
  if (shard) return shard;
  throw new KinesisServiceError('ResourceNotFoundException', `Could not find shard ${id} in stream ${stream.name}`);
}

function startOf(shard: FakeShard, input: Input): number {
  const type = String(input.ShardIteratorType);
  if (type === 'TRIM_HORIZON') return 0;
  if (type === 'LATEST') return shard.records.length;
  if (type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER') {
    const number = String(input.StartingSequenceNumber);
    const index = shard.records.findIndex((record) => record.sequenceNumber === number);
    if (index < 0)
      throw new KinesisServiceError(
        'InvalidArgumentException',
        `StartingSequenceNumber ${number} is not in ${shard.id}`,
      );
    return type === 'AT_SEQUENCE_NUMBER' ? index : index + 1;
  }
  throw constraintError(
    type,
    'shardIteratorType',
    'Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_SEQUENCE_NUMBER, TRIM_HORIZON]',
  );
}

function iterator(stream: FakeStream, shard: FakeShard, position: number): string {
  return Buffer.from(JSON.stringify([stream.name, shard.id, position])).toString('base64url');
}

function resume(directory: StreamDirectory, token: string): { stream: FakeStream; shard: FakeShard; position: number } {
  try {
    const [name, shardId, position] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as [
      string,
      string,
      number,
    ];
    const stream = findStream(directory, { StreamName: name });
    return { stream, shard: findShard(stream, shardId), position };
  } catch {
    throw new KinesisServiceError('InvalidArgumentException', 'Invalid ShardIterator.');
  }
}
