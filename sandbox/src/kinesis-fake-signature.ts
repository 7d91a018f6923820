import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { KinesisServiceError } from './kinesis-fake-error';

export interface FakeCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Answer ExpiredTokenException to whoever still uses them. */
  readonly expired?: boolean;
}

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const MAX_CLOCK_SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Signs the request again with the SDK's own signer and compares.
 *
 * @throws KinesisServiceError as the service words it
 */
export async function verifySignature(
  request: SignedRequest,
  known: readonly FakeCredentials[],
  region: string,
): Promise<void> {
  const authorization = request.headers.authorization;
  if (!authorization) {
    throw new KinesisServiceError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  }
  const match = AUTHORIZATION.exec(authorization);
  const date = request.headers['x-amz-date'] ?? '';
  if (!match || !/^\d{8}T\d{6}Z$/.test(date)) {
    throw new KinesisServiceError('IncompleteSignatureException', 'Authorization header or X-Amz-Date is malformed');
  }
  const [, accessKeyId, day, scopeRegion, scopeService, headerList, signature] = match as unknown as string[];
  const credentials = known.find((candidate) => candidate.accessKeyId === accessKeyId);
  if (!credentials || credentials.sessionToken !== request.headers['x-amz-security-token']) {
    throw new KinesisServiceError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  if (credentials.expired) {
    throw new KinesisServiceError('ExpiredTokenException', 'The security token included in the request is expired');
  }
  if (scopeRegion !== region || scopeService !== 'kinesis' || day !== date.slice(0, 8)) {
    throw invalid(
      `Credential should be scoped to ${date.slice(0, 8)}/${region}/kinesis, not ${day}/${scopeRegion}/${scopeService}.`,
    );
  }
  const signingDate = new Date(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Math.abs(Date.now() - signingDate.getTime()) > MAX_CLOCK_SKEW_MS) {
    throw invalid(`Signature expired: ${date} is not within 5 minutes of the service's time`);
  }
  const signedHeaders = new Set((headerList ?? '').split(';'));
  for (const required of ['host', 'x-amz-date', ...(credentials.sessionToken ? ['x-amz-security-token'] : [])]) {
    if (!signedHeaders.has(required)) throw invalid(`'${required}' must be a signed header`);
  }
  const declared = request.headers['x-amz-content-sha256'];
  if (declared !== undefined && declared !== createHash('sha256').update(request.body).digest('hex')) {
    throw invalid('The value of x-amz-content-sha256 is not the hash of the body.');
  }
  const expected = await sign(request, credentials, region, signingDate, signedHeaders);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature ?? ''))) {
    throw invalid('The request signature we calculated does not match the signature you provided.');
  }
}

async function sign(
  request: SignedRequest,
  credentials: FakeCredentials,
  region: string,
  signingDate: Date,
  signedHeaders: Set<string>,
): Promise<string> {
  const signer = new SignatureV4({ credentials, region, service: 'kinesis', sha256: Sha256, applyChecksum: false });
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => signedHeaders.has(name)));
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: '',
      path: request.path,
      query: {},
      headers,
      body: request.body,
    },
    { signingDate, signableHeaders: signedHeaders },
  );
  return /Signature=([0-9a-f]{64})/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
}

function invalid(message: string): KinesisServiceError {
  return new KinesisServiceError('InvalidSignatureException', message);
}

/** What the signer wants of a hash, on node:crypto. */
class Sha256 {
  private readonly hash;

  public constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }

  public update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(data as string);
  }

  public async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  public reset(): void {}
}
