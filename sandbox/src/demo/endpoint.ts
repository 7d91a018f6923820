import { KinesisFake } from '../kinesis-fake';
import { SANDBOX_CREDENTIALS, type SandboxCredentials } from '../settings';
import type { DemoArguments } from './arguments';
import { CountingProxy } from './counting-proxy';
import { startKinesisLocal } from './kinesis-local';

/** Where the demo's stream lives. */
export interface DemoEndpoint {
  readonly label: string;
  readonly url: string;
  /** What the extension is given: the counting proxy where there can be one. */
  readonly extensionUrl: string;
  readonly proxy: CountingProxy | undefined;
  readonly credentials: SandboxCredentials;
  readonly region: string;
  close(): Promise<void>;
}

export async function openEndpoint({ fake, endpoint }: DemoArguments): Promise<DemoEndpoint> {
  if (endpoint) return wrap(`the endpoint ${endpoint}`, endpoint, async () => undefined, ownCredentials());
  if (fake) {
    const kinesis = await KinesisFake.start({ streams: [] });
    return wrap('the fake of this repository', kinesis.url, () => kinesis.close());
  }
  const local = await startKinesisLocal();
  return wrap('kinesis-local (npm)', local.url, () => local.stop());
}

async function wrap(
  label: string,
  url: string,
  close: () => Promise<void>,
  credentials: SandboxCredentials = SANDBOX_CREDENTIALS,
): Promise<DemoEndpoint> {
  // a service behind TLS would check the signature against its own name: no proxy can stand in between
  const proxy = url.startsWith('http:') ? await CountingProxy.start(url) : undefined;
  return {
    label,
    url,
    extensionUrl: proxy?.url ?? url,
    proxy,
    credentials,
    region: process.env.AWS_REGION ?? 'us-east-1',
    async close() {
      await proxy?.close();
      await close();
    },
  };
}

function ownCredentials(): SandboxCredentials {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env;
  if (!accessKeyId || !secretAccessKey) return SANDBOX_CREDENTIALS;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
