import { afterEach, describe, expect, test, vi } from 'vitest';
import { handler as plain } from '../../examples/consumers/typescript/consumer';
import { handler as withPowertools } from '../../examples/consumers/typescript/powertools-consumer';
import { event, ndjson } from './lines';

function kinesisEvent(...records: Buffer[]) {
  return {
    Records: records.map((data, index) => ({
      eventID: `shardId-000000000000:${index + 1}`,
      eventSource: 'aws:kinesis',
      kinesis: { data: data.toString('base64'), sequenceNumber: `${index + 1}` },
    })),
  };
}

afterEach(() => vi.restoreAllMocks());

describe('the consumer with Powertools', () => {
  test('answers with the records whose work failed, and passes over what cannot be read', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const answer = await withPowertools(
      kinesisEvent(
        ndjson([event(1)]),
        Buffer.from('bad\n'),
        ndjson([event(2), event(3, { type: 'platform.report', status: 'timeout' })]),
        ndjson([event(4)]),
      ),
    );
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '3' }] });
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

describe('the plain consumer', () => {
  test('works off every event once, names bad lines and gaps', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const report = (seq: number) =>
      event(seq, { type: 'platform.report', function_name: 'f', duration_ms: seq, instance_id: 'plain' });
    await plain(kinesisEvent(ndjson([report(1), report(2)]), Buffer.from('bad\n'), ndjson([report(2), report(4)])));
    expect(log.mock.calls.flat()).toEqual(['f took 1 ms', 'f took 2 ms', 'f took 4 ms']);
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringMatching(/^record 2, byte 0: NOT_JSON/),
      'plain lacks 3-3 so far',
    ]);
  });
});
