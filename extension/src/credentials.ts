import { request } from 'node:http';
import { KinesisError } from './kinesis-client';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface CredentialSource {
  /** The credentials to sign with. `fresh` asks for others than the last, which were refused. */
  get(fresh?: boolean): Promise<Credentials>;
}

type Environment = Readonly<Record<string, string | undefined>>;

const REFRESH_BEFORE_EXPIRY_MS = 300_000;
const FETCH_TIMEOUT_MS = 1_000;

/**
 * The function's role, as Lambda gives it to an extension: key variables, or, where the environment was prepared
 * ahead of its credentials (SnapStart-like initialization), the container credentials endpoint.
 */
export function environmentCredentials(environment: Environment, now: () => number): CredentialSource {
  let cached: (Credentials & { expiresAt: number }) | undefined;
  return {
    async get(fresh = false) {
      const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
      if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY) {
        return {
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          sessionToken: AWS_SESSION_TOKEN || undefined,
        };
      }
      const url = environment.AWS_CONTAINER_CREDENTIALS_FULL_URI;
      if (!url) throw new KinesisError('MissingCredentials', 'no AWS credentials in the environment');
      if (!fresh && cached !== undefined && now() < cached.expiresAt - REFRESH_BEFORE_EXPIRY_MS) return cached;
      cached = await fetchContainerCredentials(url, environment.AWS_CONTAINER_AUTHORIZATION_TOKEN);
      return cached;
    },
  };
}

function fetchContainerCredentials(url: string, token?: string): Promise<Credentials & { expiresAt: number }> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new KinesisError('MissingCredentials', `container credentials: ${why}`));
    const outgoing = request(url, { headers: token ? { authorization: token } : {}, timeout: FETCH_TIMEOUT_MS });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', (error) => fail(error.message));
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => fail(error.message));
      response.on('end', () => {
        if (response.statusCode !== 200) return fail(`status ${response.statusCode}`);
        try {
          const answer = JSON.parse(Buffer.concat(chunks).toString('utf8'));
          if (!answer.AccessKeyId || !answer.SecretAccessKey) return fail('the answer has no keys');
          resolve({
            accessKeyId: answer.AccessKeyId,
            secretAccessKey: answer.SecretAccessKey,
            sessionToken: answer.Token,
            expiresAt: Date.parse(answer.Expiration) || Number.MAX_SAFE_INTEGER,
          });
        } catch {
          fail('the answer is not JSON');
        }
      });
    });
    outgoing.end();
  });
}
