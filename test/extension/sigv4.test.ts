import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Credentials } from '../../extension/src/credentials';
import { signatureHeaders } from '../../extension/src/sigv4';

/** The hash that the SDK's signer asks for. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  public constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  public update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }

  public digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  public reset(): void {}
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

interface Signing {
  readonly headers: Record<string, string>;
  readonly path: string;
  readonly body: Buffer;
  readonly region: string;
  readonly credentials: Credentials;
  readonly now: Date;
}

async function signedBySdk({
  headers,
  path,
  body,
  region,
  credentials,
  now,
}: Signing): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service: 'kinesis', region, credentials, sha256: Sha256, applyChecksum: false });
  const request = { protocol: 'https:', hostname: 'ignored', method: 'POST', path, headers, body, query: {} };
  const { headers: signed } = await signer.sign(request, { signingDate: now });
  return signed as Record<string, string>;
}

const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
});
const credentials = fc.record(
  { accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/), secretAccessKey: printable, sessionToken: printable },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);
const signing: fc.Arbitrary<Signing> = fc.record({
  headers: fc.record({
    host: fc.constantFrom('kinesis.eu-west-1.amazonaws.com', '127.0.0.1:4566'),
    'content-type': fc.constant('application/x-amz-json-1.1'),
    'x-amz-target': printable,
  }),
  path: fc.constantFrom('/', '/prefix', '/a/b-c_d.e~f/'),
  body: fc.uint8Array({ maxLength: 500 }).map((data) => Buffer.from(data)),
  region: fc.constantFrom('us-east-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1'),
  credentials,
  now: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
});

test('signs as the signer of the SDK does', async () => {
  await fc.assert(
    fc.asyncProperty(signing, async (input) => {
      const added = signatureHeaders({ method: 'POST', service: 'kinesis', ...input });
      expect({ ...input.headers, ...added }).toEqual(await signedBySdk(input));
    }),
    { numRuns: 300 },
  );
});

test('adds no token where there is none', () => {
  const input = {
    method: 'POST',
    path: '/',
    headers: { host: 'h' },
    body: Buffer.from(''),
    region: 'r',
    service: 'kinesis',
  };
  const keys = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const added = signatureHeaders({ ...input, credentials: keys, now: new Date(0) });
  expect(Object.keys(added).sort()).toEqual(['authorization', 'x-amz-date']);
  expect(added['x-amz-date']).toBe('19700101T000000Z');
});

test('signs as the signer of the SDK does when only the secret, the day or the Region differs from the call before', async () => {
  const first: Signing = {
    headers: { host: 'kinesis.eu-west-1.amazonaws.com' },
    path: '/',
    body: Buffer.from('{}'),
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'one' },
    now: new Date('2026-01-01T23:59:59Z'),
  };
  const others: Partial<Signing>[] = [
    {},
    { now: new Date('2026-01-02T00:00:00Z') },
    { region: 'eu-west-2' },
    { credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'two' } },
    { credentials: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'one' } },
  ];
  for (const other of others.flatMap((change) => [first, { ...first, ...change }])) {
    const added = signatureHeaders({ method: 'POST', service: 'kinesis', ...other });
    expect({ ...other.headers, ...added }).toEqual(await signedBySdk(other));
  }
});
