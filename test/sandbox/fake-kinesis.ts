import { KinesisClient, type KinesisClientConfig, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach } from 'vitest';
import { KinesisFake, type KinesisFakeOptions, SANDBOX_CREDENTIALS } from '../../sandbox/src';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

export async function startFake(options: KinesisFakeOptions = {}): Promise<KinesisFake> {
  const kinesis = await KinesisFake.start(options);
  opened.push(() => kinesis.close());
  return kinesis;
}

export function connect(kinesis: KinesisFake, config: Partial<KinesisClientConfig> = {}): KinesisClient {
  const client = new KinesisClient({
    endpoint: kinesis.url,
    region: 'us-east-1',
    credentials: SANDBOX_CREDENTIALS,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
    ...config,
  });
  opened.push(() => client.destroy());
  return client;
}

export const entry = (text: string, key = 'key') => ({ Data: Buffer.from(text), PartitionKey: key });
export const put = (records: ReturnType<typeof entry>[], stream = 'telemetry') =>
  new PutRecordsCommand({ StreamName: stream, Records: records });
