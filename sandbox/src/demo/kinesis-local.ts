import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { LineReader } from '../function-logs';
import { ProcessGroup } from '../process-group';
import { until } from '../until';

export interface KinesisLocal {
  readonly url: string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 20_000;

/**
 * Starts the npm package kinesis-local (etspaceman/kinesis-mock) on free loopback ports.
 *
 * @throws when it does not answer in time; the message carries what it wrote
 */
export async function startKinesisLocal(): Promise<KinesisLocal> {
  const folder = dirname(createRequire(__filename).resolve('kinesis-local/package.json'));
  const [plainPort, tlsPort] = await freePorts(2);
  const output: string[] = [];
  const group = await ProcessGroup.spawn(
    process.execPath,
    ['--max-old-space-size=256', '--require', join(__dirname, 'loopback-only.cjs'), join(folder, 'main.js')],
    {
      cwd: folder,
      env: {
        PATH: '/usr/bin:/bin',
        KINESIS_MOCK_CERT_PATH: join(folder, 'server.json'), // it would look in the current folder
        KINESIS_MOCK_PLAIN_PORT: String(plainPort),
        KINESIS_MOCK_TLS_PORT: String(tlsPort),
        CREATE_STREAM_DURATION: '10ms',
        LOG_LEVEL: 'ERROR',
      },
    },
  );
  for (const stream of [group.stdout, group.stderr]) {
    const lines = new LineReader((line) => output.push(line));
    stream.on('data', (chunk: Buffer) => lines.push(chunk));
  }
  const url = `http://127.0.0.1:${plainPort}`;
  const answers = async (): Promise<boolean> => {
    if (group.exit) throw new Error(`kinesis-local ended: ${output.join(' | ')}`);
    return fetch(url).then(
      () => true,
      () => false,
    );
  };
  try {
    await until(answers, 'kinesis-local answers', { timeoutMs: START_LIMIT_MS, everyMs: 25 });
  } catch (error) {
    await group.kill();
    throw error;
  }
  return {
    url,
    // it keeps nothing but memory, takes seconds to obey SIGTERM, and at times closes its ports and then never exits
    stop: () => group.kill(),
  };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
