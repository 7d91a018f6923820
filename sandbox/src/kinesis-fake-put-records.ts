import type { Behaviour } from './kinesis-fake-behaviour';
import type { PutRecord } from './kinesis-fake-limits';
import type { FakeStream } from './kinesis-fake-shards';

export interface PutRecordsAnswer {
  readonly FailedRecordCount: number;
  readonly Records: readonly object[];
}

/** Stores what may be stored and answers record by record, in order. */
export function putRecords(
  stream: FakeStream,
  records: readonly PutRecord[],
  behaviour: Behaviour,
  options: { readonly enforceShardLimits?: boolean; readonly nullErrorCodes?: boolean },
): PutRecordsAnswer {
  let failed = 0;
  const answers = records.map((record, index) => {
    const shard = stream.shardOf(record);
    const throttled = options.enforceShardLimits && !shard.admits(record);
    const code =
      behaviour.failRecord?.(record, index) ?? (throttled ? 'ProvisionedThroughputExceededException' : undefined);
    if (code) {
      failed += 1;
      const account = stream.arn.split(':')[4];
      const message =
        code === 'ProvisionedThroughputExceededException'
          ? `Rate exceeded for shard ${shard.id} in stream ${stream.name} under account ${account}.`
          : 'Internal Service Failure';
      return { ErrorCode: code, ErrorMessage: message };
    }
    const stored = stream.store(record);
    const success = { SequenceNumber: stored.sequenceNumber, ShardId: stored.shardId };
    return options.nullErrorCodes ? { ...success, ErrorCode: null, ErrorMessage: null } : success;
  });
  return { FailedRecordCount: failed, Records: answers.slice(0, behaviour.truncateResponse ?? answers.length) };
}
