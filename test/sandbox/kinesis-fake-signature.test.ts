import type { KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../../sandbox/src';
import { connect, entry, put, startFake } from './fake-kinesis';

describe('signatures', () => {
  it.each([
    [
      'a wrong secret',
      { credentials: { ...SANDBOX_CREDENTIALS, secretAccessKey: 'wrong' } },
      'InvalidSignatureException',
    ],
    [
      'an unknown key',
      { credentials: { ...SANDBOX_CREDENTIALS, accessKeyId: 'AKIAUNKNOWN' } },
      'UnrecognizedClientException',
    ],
    [
      'no session token',
      { credentials: { ...SANDBOX_CREDENTIALS, sessionToken: undefined } },
      'UnrecognizedClientException',
    ],
    ['another region', { region: 'eu-west-1' }, 'InvalidSignatureException'],
    ['a clock an hour off', { systemClockOffset: 3_600_000 }, 'InvalidSignatureException'],
  ])('with %s are refused', async (_, config, name) => {
    const kinesis = await startFake();
    await expect(
      connect(kinesis, config as Partial<KinesisClientConfig>).send(put([entry('x')])),
    ).rejects.toMatchObject({ name });
    expect(kinesis.records()).toEqual([]);
  });

  it('cover the body', async () => {
    const kinesis = await startFake();
    const handler = new NodeHttpHandler();
    const send = handler.handle.bind(handler);
    handler.handle = (request, options) => {
      request.body = Buffer.from(request.body).toString().replace('"PartitionKey":"key"', '"PartitionKey":"kez"');
      return send(request, options);
    };
    const refused = connect(kinesis, { requestHandler: handler }).send(put([entry('x')]));
    await expect(refused).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });

  it('are required, and expired credentials are refused', async () => {
    const kinesis = await startFake();
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecords' };
    const unsigned = await fetch(kinesis.url, { method: 'POST', headers, body: '{}' });
    expect([unsigned.status, await unsigned.json()]).toEqual([
      400,
      { __type: 'MissingAuthenticationTokenException', message: 'Request is missing Authentication Token' },
    ]);
    kinesis.acceptCredentials([{ ...SANDBOX_CREDENTIALS, expired: true }]);
    await expect(connect(kinesis).send(put([entry('x')]))).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });
});
