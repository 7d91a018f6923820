import { describe, expect, it } from 'vitest';
import { until } from '../../sandbox/src';
import { connect, entry, put, startFake } from './fake-kinesis';

describe('faults', () => {
  it('fail single records and whole calls', async () => {
    const kinesis = await startFake();
    const client = connect(kinesis);
    kinesis.behave(({ index }) => {
      if (index === 0) return { failRecord: (_, i) => (i === 1 ? 'InternalFailure' : undefined) };
      if (index === 1) return { status: 503 };
      if (index === 2) return { errorType: 'KMSThrottlingException', message: 'slow down' };
      return undefined;
    });
    const partial = await client.send(put([entry('a'), entry('b'), entry('c')]));
    expect(partial.FailedRecordCount).toBe(1);
    expect(partial.Records?.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, 'InternalFailure', undefined]);
    await expect(client.send(put([entry('d')]))).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 503 },
    });
    await expect(client.send(put([entry('e')]))).rejects.toMatchObject({
      name: 'KMSThrottlingException',
      message: 'slow down',
    });
    await client.send(put([entry('f')]));
    expect(kinesis.records().map(({ data }) => data.toString())).toEqual(['a', 'c', 'f']);
  });

  it('cut the connection before or after the records are stored', async () => {
    const kinesis = await startFake();
    const client = connect(kinesis);
    kinesis.behave(({ index }) => (index === 0 ? { reset: true } : { acceptThenReset: true }));
    await expect(client.send(put([entry('lost')]))).rejects.toThrow(/ECONNRESET|socket hang up/);
    await expect(client.send(put([entry('stored')]))).rejects.toThrow(/ECONNRESET|socket hang up/);
    expect(kinesis.records().map(({ data }) => data.toString())).toEqual(['stored']);
  });

  it('answer too few entries, or no JSON, or with null error codes', async () => {
    const kinesis = await startFake({ nullErrorCodes: true });
    const client = connect(kinesis);
    kinesis.behave(({ index }) => [{ truncateResponse: 1 }, { notJson: true }][index]);
    expect((await client.send(put([entry('a'), entry('b')]))).Records).toHaveLength(1);
    await expect(client.send(put([entry('c')]))).rejects.toThrow();
    expect((await client.send(put([entry('d')]))).Records?.[0]?.SequenceNumber).toMatch(/^49\d{54}$/);
    expect(kinesis.records()).toHaveLength(4);
  });

  it('hang without keeping close() waiting', async () => {
    const kinesis = await startFake();
    kinesis.behave(() => ({ hang: true }));
    const hanging = connect(kinesis).send(put([entry('x')]));
    const failed = expect(hanging).rejects.toThrow();
    await until(() => kinesis.calls.length === 1, 'the call arrives');
    await kinesis.close();
    await failed;
    expect(kinesis.calls[0]?.status).toBeUndefined();
  });

  it('delay answers', async () => {
    const kinesis = await startFake({ latencyMs: 30 });
    kinesis.behave(() => ({ delayMs: 30 }));
    const startedAt = performance.now();
    await connect(kinesis).send(put([entry('x')]));
    expect(performance.now() - startedAt).toBeGreaterThan(55);
  });
});
