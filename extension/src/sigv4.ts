import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from './credentials';

export interface SigningInput {
  readonly method: string;
  /** Path of the URL, already percent-encoded; `/` for Kinesis. */
  readonly path: string;
  /** Lower-case names; all of them are signed. `host` must be among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly region: string;
  readonly service: string;
  readonly credentials: Credentials;
  readonly now: Date;
}

/**
 * The headers that AWS Signature Version 4 adds to a request (AWS General Reference, "Signing AWS API requests").
 * The SDK's signer is the oracle in test/extension/sigv4.test.ts.
 */
export function signatureHeaders(input: SigningInput): Record<string, string> {
  const { credentials, region, service } = input;
  const amzDate = input.now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = amzDate.slice(0, 8);
  const added: Record<string, string> = { 'x-amz-date': amzDate };
  if (credentials.sessionToken !== undefined) added['x-amz-security-token'] = credentials.sessionToken;

  const headers: Record<string, string> = { ...input.headers, ...added };
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(';');
  const canonicalHeaders = names.map((name) => `${name}:${(headers[name] as string).trim()}\n`).join('');
  const canonicalRequest = [input.method, input.path, '', canonicalHeaders, signedHeaders, sha256(input.body)].join(
    '\n',
  );
  const scope = `${date}/${region}/${service}/aws4_request`;
  const stringToSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonicalRequest)].join('\n');
  const signature = createHmac('sha256', signingKey(credentials.secretAccessKey, scope))
    .update(stringToSign)
    .digest('hex');
  added.authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return added;
}

let lastKey = { of: '', key: Buffer.alloc(0) };

/** The same for all calls of a day, until the credentials change. */
function signingKey(secretAccessKey: string, scope: string): Buffer {
  const of = `${secretAccessKey} ${scope}`;
  if (lastKey.of !== of) {
    const sign = (parent: string | Buffer, part: string) => createHmac('sha256', parent).update(part).digest();
    const [date, ...parts] = scope.split('/') as [string, ...string[]];
    lastKey = { of, key: parts.reduce(sign, sign(`AWS4${secretAccessKey}`, date)) };
  }
  return lastKey.key;
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
