import { describe, expect, onTestFinished, test } from 'vitest';
import type { CredentialSource } from '../../extension/src/credentials';
import { type KinesisClient, KinesisError } from '../../extension/src/kinesis-client';
import { kinesisEndpoint } from '../../extension/src/kinesis-endpoint';
import { SdkKinesisClient } from '../../extension/src/sdk-kinesis-client';
import { SignedKinesisClient } from '../../extension/src/signed-kinesis-client';
import { type Behaviour, KinesisFake, type KinesisFakeOptions, SANDBOX_CREDENTIALS, until } from '../../sandbox/src';
import { startServer } from './test-server';

interface ClientOptions {
  readonly endpoint: string;
  readonly credentials: CredentialSource;
  readonly useFips?: boolean;
}

const CLIENTS: Record<string, (options: ClientOptions) => KinesisClient> = {
  signed: (options) => {
    const address = { ...ADDRESS, ...options };
    return new SignedKinesisClient({ ...address, endpoint: kinesisEndpoint(address), maxConnections: 4 });
  },
  sdk: (options) => new SdkKinesisClient({ ...ADDRESS, ...options, maxConnections: 4 }),
};
const ADDRESS = { region: 'us-east-1', stream: { StreamName: 'telemetry' }, useFips: false, useDualStack: false };
const ENTRIES = ['one\n', 'two \u{1f680}\n', 'three\n'].map((text, index) => ({
  data: Buffer.from(text),
  partitionKey: `key-${index}`,
}));
const CALL_MS = 5_000;

/** What the fake is told, and the code under which both clients must report it. */
const FAILURES: readonly (readonly [string, Behaviour, { readonly code: string; readonly status?: number }])[] = [
  [
    'a throttled call',
    { status: 400, errorType: 'ProvisionedThroughputExceededException' },
    { code: 'ProvisionedThroughputExceededException', status: 400 },
  ],
  ['KMS throttling', { status: 400, errorType: 'KMSThrottlingException' }, { code: 'KMSThrottlingException' }],
  ['a missing permission', { status: 400, errorType: 'AccessDeniedException' }, { code: 'AccessDeniedException' }],
  [
    'an error type with a namespace',
    { status: 400, errorType: 'com.amazonaws.kinesis#ResourceNotFoundException' },
    { code: 'ResourceNotFoundException' },
  ],
  [
    'an error type that no model knows',
    { status: 400, errorType: 'BrandNewException' },
    { code: 'BrandNewException', status: 400 },
  ],
  ['HTTP 500', { status: 500 }, { code: 'InternalFailure', status: 500 }],
  ['HTTP 503', { status: 503, errorType: 'ServiceUnavailable' }, { code: 'ServiceUnavailable', status: 503 }],
  ['an answer for fewer records', { truncateResponse: 2 }, { code: 'UnreadableAnswer' }],
  ['an answer for no record', { truncateResponse: 0 }, { code: 'UnreadableAnswer' }],
  ['an answer that is not JSON', { notJson: true }, { code: 'UnreadableAnswer', status: 200 }],
  ['a connection that is cut', { reset: true }, { code: 'ConnectionFailed' }],
];

describe.each(Object.entries(CLIENTS))('the client %s', (_, create) => {
  async function faked(options: KinesisFakeOptions = {}, credentials?: CredentialSource) {
    const kinesis = await KinesisFake.start(options);
    onTestFinished(() => kinesis.close());
    const source = credentials ?? { get: async () => SANDBOX_CREDENTIALS };
    return { kinesis, client: create({ endpoint: kinesis.url, credentials: source }) };
  }

  test('writes every entry under its key, signed, and reads the outcomes', async () => {
    const { kinesis, client } = await faked();
    expect(await client.putRecords(ENTRIES, CALL_MS)).toEqual([{}, {}, {}]);
    const stored = kinesis.records().map(({ data, partitionKey }) => ({ data: data.toString(), partitionKey }));
    expect(stored).toEqual(ENTRIES.map(({ data, partitionKey }) => ({ data: data.toString(), partitionKey })));
  });

  test('names the error of each entry that was refused, in the order of the entries', async () => {
    const { kinesis, client } = await faked();
    kinesis.behave(() => ({ failRecord: (_record, index) => (index === 1 ? 'InternalFailure' : undefined) }));
    expect(await client.putRecords(ENTRIES, CALL_MS)).toEqual([{}, { errorCode: 'InternalFailure' }, {}]);
  });

  test('takes "ErrorCode": null for success, as some emulators say it', async () => {
    const { client } = await faked({ nullErrorCodes: true });
    expect(await client.putRecords(ENTRIES, CALL_MS)).toEqual([{}, {}, {}]);
  });

  test.each(FAILURES)('reports %s', async (_what, behaviour, failure) => {
    const { kinesis, client } = await faked();
    kinesis.behave(({ index }) => (index === 0 ? behaviour : undefined));
    const error = await client.putRecords(ENTRIES, CALL_MS).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KinesisError);
    expect(error).toMatchObject(failure);
    // One call is one request: whoever calls decides what is sent again.
    expect(kinesis.calls).toHaveLength(1);
    expect(await client.putRecords(ENTRIES, CALL_MS)).toEqual([{}, {}, {}]);
  });

  test('reports a proxy\u2019s page by its status', async () => {
    const { url } = await startServer((_request, response) => response.writeHead(502).end('<html>Bad Gateway</html>'));
    const client = create({ endpoint: url, credentials: { get: async () => SANDBOX_CREDENTIALS } });
    await expect(client.putRecords(ENTRIES, CALL_MS)).rejects.toMatchObject({ code: 'Http502', status: 502 });
  });

  test('reports an endpoint where nothing listens', async () => {
    const client = create({
      endpoint: 'http://127.0.0.1:1',
      credentials: { get: async () => SANDBOX_CREDENTIALS },
    });
    await expect(client.putRecords(ENTRIES, CALL_MS)).rejects.toMatchObject({
      code: 'ConnectionFailed',
      message: 'ECONNREFUSED',
    });
  });

  test('uses one connection for calls that follow one another, and tells when it is dead', async () => {
    const { kinesis, client } = await faked();
    for (let call = 0; call < 4; call += 1) await client.putRecords(ENTRIES, CALL_MS);
    expect(kinesis.connections).toBe(1);
    kinesis.behave(({ index }) => (index === 4 ? { reset: true } : undefined));
    await expect(client.putRecords(ENTRIES, CALL_MS)).rejects.toMatchObject({ code: 'ConnectionLost' });
    expect(await client.putRecords(ENTRIES, CALL_MS)).toEqual([{}, {}, {}]);
    expect(kinesis.connections).toBe(2);
  });

  test('fails with Timeout when no answer comes in time, and works on', async () => {
    const { kinesis, client } = await faked();
    kinesis.behave(({ index }) => (index === 0 ? { hang: true } : undefined));
    const from = performance.now();
    await expect(client.putRecords(ENTRIES, 60)).rejects.toMatchObject({ code: 'Timeout' });
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(await client.putRecords(ENTRIES, CALL_MS)).toEqual([{}, {}, {}]);
  });

  test('fails with Timeout when an answer begins and does not end', async () => {
    const { url } = await startServer((_request, response) => void response.writeHead(200).write('{"Records":['));
    const client = create({ endpoint: url, credentials: { get: async () => SANDBOX_CREDENTIALS } });
    await expect(client.putRecords(ENTRIES, 80)).rejects.toMatchObject({ code: 'Timeout' });
  });

  test('shortens the time of calls under way, and never prolongs it', async () => {
    const { kinesis, client } = await faked();
    kinesis.behave(() => ({ hang: true }));
    const failures = Promise.allSettled([client.putRecords(ENTRIES, 25_000), client.putRecords(ENTRIES, 100)]);
    await until(() => kinesis.calls.length === 2, 'both calls to be under way');
    client.hasten(200);
    for (const result of await failures) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'Timeout' } });
    }
    client.hasten(0); // nothing is under way
  });

  test('takes the answer that waited in the socket while the process was frozen', async () => {
    const { url } = await startServer((_request, response) => {
      response.end(JSON.stringify({ FailedRecordCount: 0, Records: ENTRIES.map(() => ({ SequenceNumber: '1' })) }));
      // Blocks this thread like a freeze: its timers come late, and before the socket is read.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200);
    });
    const client = create({ endpoint: url, credentials: { get: async () => SANDBOX_CREDENTIALS } });
    expect(await client.putRecords(ENTRIES, 100)).toEqual([{}, {}, {}]);
  });

  test('asks for credentials at each call, and for fresh ones after they were refused', async () => {
    const asked: boolean[] = [];
    const { kinesis, client } = await faked(
      {},
      {
        get: async (fresh = false) => {
          asked.push(fresh);
          return SANDBOX_CREDENTIALS;
        },
      },
    );
    kinesis.behave(({ index }) => (index === 0 ? { status: 400, errorType: 'ExpiredTokenException' } : undefined));
    await expect(client.putRecords(ENTRIES, CALL_MS)).rejects.toMatchObject({ code: 'ExpiredTokenException' });
    await client.putRecords(ENTRIES, CALL_MS);
    await client.putRecords(ENTRIES, CALL_MS);
    expect(asked).toEqual([false, true, false]);
  });

  test('signs with the credentials of the moment', async () => {
    const second = { accessKeyId: 'ASIASECONDEXAMPLE000', secretAccessKey: 'second' };
    let current: typeof SANDBOX_CREDENTIALS = SANDBOX_CREDENTIALS;
    const { kinesis, client } = await faked({}, { get: async () => current });
    kinesis.acceptCredentials([SANDBOX_CREDENTIALS, second]);
    await client.putRecords(ENTRIES, CALL_MS);
    current = second;
    await client.putRecords(ENTRIES, CALL_MS);
    expect(kinesis.calls.map(({ authorization }) => /Credential=([^/]+)/.exec(authorization ?? '')?.[1])).toEqual([
      SANDBOX_CREDENTIALS.accessKeyId,
      second.accessKeyId,
    ]);
  });

  test('does not send without credentials', async () => {
    const none = new KinesisError('MissingCredentials', 'no AWS credentials in the environment');
    const { kinesis, client } = await faked({}, { get: () => Promise.reject(none) });
    await expect(client.putRecords(ENTRIES, CALL_MS)).rejects.toMatchObject({ code: 'MissingCredentials' });
    expect(kinesis.calls).toEqual([]);
  });

  test('lets an endpoint of one\u2019s own win over FIPS', async () => {
    const { kinesis } = await faked();
    const credentials = { get: async () => SANDBOX_CREDENTIALS };
    const client = create({ endpoint: kinesis.url, credentials, useFips: true });
    expect(await client.putRecords(ENTRIES, CALL_MS)).toEqual([{}, {}, {}]);
  });
});
