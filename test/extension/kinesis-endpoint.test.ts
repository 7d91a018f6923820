import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, test } from 'vitest';
import { kinesisEndpoint, streamReference } from '../../extension/src/kinesis-endpoint';

interface Partition {
  readonly id: string;
  readonly regions: Readonly<Record<string, unknown>>;
  readonly outputs: { readonly supportsDualStack: boolean; readonly supportsFIPS: boolean };
}

/** The SDK's own table. It is no part of the package's exports, so it is read as a file. */
const TABLE = join(
  'node_modules',
  '@aws-sdk',
  'core',
  'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
);
const { partitions } = JSON.parse(
  readFileSync(TABLE, 'utf8')
    .replace(/^export const partitionsInfo = /, '')
    .replace(/;\s*$/, ''),
) as { partitions: Partition[] };

interface Choice {
  readonly region: string;
  readonly stream: string;
  readonly useFips: boolean;
  readonly useDualStack: boolean;
  readonly endpoint?: string;
}

/** Where the SDK sends PutRecords, or the error with which it refuses. */
async function endpointOfSdk({ region, stream, useFips, useDualStack, endpoint }: Choice): Promise<string> {
  let url = '';
  const client = new KinesisClient({
    region,
    endpoint,
    useFipsEndpoint: useFips,
    useDualstackEndpoint: useDualStack,
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: async ({ protocol, hostname, port, path }: Record<string, string>) => {
        url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`).href;
        throw new Error('not sent');
      },
    },
  });
  const command = new PutRecordsCommand({
    ...streamReference(stream),
    Records: [{ Data: Buffer.from('x'), PartitionKey: 'k' }],
  });
  const error = await client.send(command).catch((reason: Error) => reason.message);
  return error === 'not sent' ? url : `refused: ${error}`;
}

const endpointOfOurs = ({ stream, ...choice }: Choice) =>
  new URL(kinesisEndpoint({ ...choice, stream: streamReference(stream) })).href;

const CHOICES = [false, true].flatMap((useFips) => [false, true].map((useDualStack) => ({ useFips, useDualStack })));

describe.each(partitions)('in partition $id', ({ id, regions, outputs }) => {
  const real = Object.keys(regions).filter((region) => !region.endsWith('-global'));

  test.each(real)('resolves %s as the SDK does', async (region) => {
    for (const stream of ['orders', `arn:${id}:kinesis:${region}:123456789012:stream/orders`]) {
      for (const choice of CHOICES) {
        const expected = await endpointOfSdk({ region, stream, ...choice });
        const isSupported =
          (!choice.useFips || outputs.supportsFIPS) && (!choice.useDualStack || outputs.supportsDualStack);
        // What the SDK refuses before it sends is no endpoint to agree on.
        if (isSupported) expect(endpointOfOurs({ region, stream, ...choice })).toBe(expected);
        else expect(expected).toContain('refused');
      }
    }
  });
});

test('covers every partition that the SDK knows', () => {
  expect(partitions.length).toBeGreaterThanOrEqual(8);
});

test('resolves a Region that is newer than the table as the SDK does', async () => {
  for (const region of ['eu-south-9', 'cn-west-9', 'us-gov-north-1', 'mx-central-9']) {
    const choice = { region, stream: 'orders', useFips: false, useDualStack: false };
    expect(endpointOfOurs(choice)).toBe(await endpointOfSdk(choice));
  }
});

test.each(['http://127.0.0.1:4566', 'https://vpce-1.kinesis.eu-west-1.vpce.amazonaws.com', 'http://[::1]:4566'])(
  'sends to the endpoint %s, whatever else is chosen',
  async (endpoint) => {
    for (const stream of ['orders', 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders']) {
      const plain = { region: 'eu-west-1', stream, useFips: false, useDualStack: false, endpoint };
      expect(endpointOfOurs(plain)).toBe(await endpointOfSdk(plain));
      for (const choice of CHOICES) expect(endpointOfOurs({ ...plain, ...choice })).toBe(new URL(endpoint).href);
    }
  },
);
