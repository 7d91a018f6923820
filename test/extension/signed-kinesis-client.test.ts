import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import type { CredentialSource } from '../../extension/src/credentials';
import { SignedKinesisClient, type SignedKinesisClientOptions } from '../../extension/src/signed-kinesis-client';
import { type Responder, startServer } from './test-server';

const KEYS = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' };
const ENTRIES = [{ data: Buffer.from('line\n'), partitionKey: 'key' }];
const WRITTEN = JSON.stringify({ FailedRecordCount: 0, Records: [{ SequenceNumber: '1', ShardId: 's' }] });
const written = (response: ServerResponse) => void response.end(WRITTEN);
const refuse = (response: ServerResponse, code: string, date = new Date()) =>
  void response.writeHead(403, { date: date.toUTCString() }).end(JSON.stringify({ __type: code, message: 'no' }));

/** A client and the server it talks to; each request takes the next responder, the last one for good. */
async function newClient(responders: Responder[], options: Partial<SignedKinesisClientOptions> = {}) {
  const server = await startServer((request, response) => {
    const next = (responders.length > 1 ? responders.shift() : responders[0]) as Responder;
    next(request, response);
  });
  const asked: boolean[] = [];
  const credentials: CredentialSource = {
    get: async (fresh = false) => {
      asked.push(fresh);
      return KEYS;
    },
  };
  const stream = { StreamName: 'orders' };
  const client = new SignedKinesisClient({
    ...{ endpoint: server.url, region: 'eu-west-1', stream, credentials, maxConnections: 8 },
    ...options,
  });
  return { ...server, client, asked };
}

test('sends a signed PutRecords and reads the outcomes', async () => {
  const { client, received } = await newClient([(_request, response) => written(response)]);
  expect(await client.putRecords(ENTRIES, 1_000)).toEqual([{}]);
  expect(received[0]).toMatchObject({
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.PutRecords',
      'x-amz-security-token': 'token',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/kinesis\/aws4_request, /,
      ),
    },
  });
  expect(JSON.parse(received[0]?.body.toString() ?? '')).toEqual({
    StreamName: 'orders',
    Records: [{ Data: Buffer.from('line\n').toString('base64'), PartitionKey: 'key' }],
  });
});

test('keeps the path of an endpoint', async () => {
  const { url, received } = await startServer((_request, response) => written(response));
  const client = new SignedKinesisClient({
    ...{ endpoint: `${url}/prefix`, region: 'eu-west-1', stream: { StreamName: 's' }, maxConnections: 1 },
    credentials: { get: async () => KEYS },
  });
  await client.putRecords(ENTRIES, 1_000);
  expect(received[0]?.path).toBe('/prefix');
});

test('uses one connection for calls that follow one another', async () => {
  const { client, received } = await newClient([(_request, response) => written(response)]);
  for (let call = 0; call < 5; call += 1) await client.putRecords(ENTRIES, 1_000);
  expect(received.map(({ connection }) => connection)).toEqual([1, 1, 1, 1, 1]);
});

test('uses as many connections as calls are under way, up to its limit', async () => {
  const held: ServerResponse[] = [];
  const { client, received } = await newClient(
    [
      (_request, response) => {
        held.push(response);
        if (held.length >= 2) for (const waiting of held.splice(0)) written(waiting);
      },
    ],
    { maxConnections: 2 },
  );
  await Promise.all(Array.from({ length: 4 }, () => client.putRecords(ENTRIES, 1_000)));
  expect(new Set(received.map(({ connection }) => connection)).size).toBe(2);
});

test('fails with Timeout when no answer comes in time, and works on', async () => {
  const { client } = await newClient([() => {}, (_request, response) => written(response)]);
  await expect(client.putRecords(ENTRIES, 30)).rejects.toMatchObject({ code: 'Timeout' });
  expect(await client.putRecords(ENTRIES, 1_000)).toEqual([{}]);
});

test('fails with Timeout when an answer begins and does not end', async () => {
  const { client } = await newClient([(_request, response) => void response.write('{"Rec')]);
  await expect(client.putRecords(ENTRIES, 50)).rejects.toMatchObject({ code: 'Timeout' });
});

test('fails with ConnectionFailed when a fresh connection is reset or refused', async () => {
  const { client } = await newClient([(_request, response) => response.destroy()]);
  await expect(client.putRecords(ENTRIES, 1_000)).rejects.toMatchObject({
    code: 'ConnectionFailed',
    message: 'ECONNRESET',
  });
  const unreachable = await newClient([(_request, response) => written(response)], { endpoint: 'http://127.0.0.1:1' });
  await expect(unreachable.client.putRecords(ENTRIES, 1_000)).rejects.toMatchObject({
    code: 'ConnectionFailed',
    message: 'ECONNREFUSED',
  });
});

test('fails with ConnectionLost when a kept-alive connection is reset, and works on with a fresh one', async () => {
  const write: Responder = (_request, response) => written(response);
  const { client, received } = await newClient([write, (_request, response) => response.destroy(), write]);
  await client.putRecords(ENTRIES, 1_000);
  await expect(client.putRecords(ENTRIES, 1_000)).rejects.toMatchObject({ code: 'ConnectionLost' });
  expect(await client.putRecords(ENTRIES, 1_000)).toEqual([{}]);
  expect(received.map(({ connection }) => connection)).toEqual([1, 1, 2]);
});

test('shortens the time of calls under way, and never prolongs it', async () => {
  const { client, received } = await newClient([() => {}]);
  const long = client.putRecords(ENTRIES, 20_000);
  const short = client.putRecords(ENTRIES, 60);
  const failures = Promise.allSettled([long, short]);
  while (received.length < 2) await new Promise((resolve) => setImmediate(resolve));
  const from = Date.now();
  client.hasten(100);
  for (const result of await failures)
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'Timeout' } });
  expect(Date.now() - from).toBeLessThan(2_000);
  client.hasten(0); // nothing is under way
});

test('takes the answer that waited in the socket while the process was frozen', async () => {
  const { client } = await newClient([
    (_request, response) => {
      written(response);
      // Blocks this thread like a freeze: its timers come late, and before the socket is read.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_200);
    },
  ]);
  expect(await client.putRecords(ENTRIES, 100)).toEqual([{}]);
});

test('asks for fresh credentials after they were refused, until a call succeeds', async () => {
  const write: Responder = (_request, response) => written(response);
  const { client, asked } = await newClient([(_request, response) => refuse(response, 'ExpiredTokenException'), write]);
  await expect(client.putRecords(ENTRIES, 1_000)).rejects.toMatchObject({ code: 'ExpiredTokenException', status: 403 });
  await client.putRecords(ENTRIES, 1_000);
  await client.putRecords(ENTRIES, 1_000);
  expect(asked).toEqual([false, true, false]);
});

test.each(['InvalidSignatureException', 'RequestTimeTooSkewed'])(
  'corrects its clock by the date of the server after %s',
  async (code) => {
    const serverTime = Date.UTC(2026, 5, 1, 12);
    const ownTime = serverTime - 3_600_000;
    const { client, received } = await newClient(
      [(_request, response) => refuse(response, code, new Date(serverTime)), (_request, response) => written(response)],
      { now: () => ownTime },
    );
    await expect(client.putRecords(ENTRIES, 1_000)).rejects.toMatchObject({ code });
    await client.putRecords(ENTRIES, 1_000);
    expect(received.map(({ headers }) => headers['x-amz-date'])).toEqual(['20260601T110000Z', '20260601T120000Z']);
  },
);

test('leaves its clock alone when it is right, or when something else was refused', async () => {
  const now = Date.UTC(2026, 5, 1, 12);
  const { client, received } = await newClient(
    [
      (_request, response) => refuse(response, 'InvalidSignatureException', new Date(now + 30_000)),
      (_request, response) => refuse(response, 'AccessDeniedException', new Date(now + 3_600_000)),
      (_request, response) => written(response),
    ],
    { now: () => now },
  );
  for (let call = 0; call < 2; call += 1) await expect(client.putRecords(ENTRIES, 1_000)).rejects.toThrow('no');
  await client.putRecords(ENTRIES, 1_000);
  expect(new Set(received.map(({ headers }) => headers['x-amz-date']))).toEqual(new Set(['20260601T120000Z']));
});

test('does not send without credentials', async () => {
  const credentials: CredentialSource = { get: () => Promise.reject(new Error('none')) };
  const { client, received } = await newClient([(_request, response) => written(response)], { credentials });
  await expect(client.putRecords(ENTRIES, 1_000)).rejects.toThrow('none');
  expect(received).toEqual([]);
});
