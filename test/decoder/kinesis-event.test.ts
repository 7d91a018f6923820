import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { batchItemFailures, decodeKinesisEvent, isExtensionStats, isTelemetryEvent } from '../../src/decoder';
import { event, ndjson, stats } from './lines';

function kinesisEvent(...records: (Buffer | string)[]) {
  return {
    Records: records.map((data, index) => ({
      eventID: `shardId-000000000000:${index + 1}`,
      kinesis: {
        data: typeof data === 'string' ? data : data.toString('base64'),
        sequenceNumber: `${index + 1}`,
        partitionKey: 'k',
        approximateArrivalTimestamp: 1_795_255_200.123,
      },
    })),
  };
}

describe('a Kinesis event', () => {
  test('is decoded record by record, in order, each in its own format', () => {
    const decoded = decodeKinesisEvent(
      kinesisEvent(ndjson([event(1), event(2)]), gzipSync(ndjson([event(3)])), ndjson([stats({ received: 3 })])),
    );
    expect(decoded.problems).toEqual([]);
    expect(decoded.lines.map(({ seq }) => seq)).toEqual([1, 2, 3, undefined]);
    expect(decoded.lines.filter(isTelemetryEvent)).toHaveLength(3);
    expect(decoded.lines.filter(isExtensionStats)).toHaveLength(1);
    expect(decoded.records[1]).toMatchObject({
      sequenceNumber: '2',
      eventId: 'shardId-000000000000:2',
      partitionKey: 'k',
      arrivedAtMs: 1_795_255_200_123,
      lines: [event(3)],
    });
  });

  test('tells which record a problem is in, and reads the others', () => {
    const data = kinesisEvent(ndjson([event(1)]), Buffer.from('bad\n'), 'no base64!', ndjson([event(2)]));
    const { lines, problems } = decodeKinesisEvent(data);
    expect(lines).toEqual([event(1), event(2)]);
    expect(problems).toMatchObject([
      { code: 'NOT_JSON', sequenceNumber: '2' },
      { code: 'NOT_BASE64', sequenceNumber: '3' },
    ]);
    expect(() => decodeKinesisEvent(data, { mode: 'strict' })).toThrow('NOT_JSON');
  });

  test('is answered with the sequence numbers of the records that failed, each once', () => {
    const { records } = decodeKinesisEvent(kinesisEvent(Buffer.from('bad\n'), ndjson([event(1)])));
    const failed = records.filter(({ problems }) => problems.length > 0);
    expect(batchItemFailures([...failed, '1', '7'])).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '7' }],
    });
    expect(batchItemFailures([])).toEqual({ batchItemFailures: [] });
  });
});
