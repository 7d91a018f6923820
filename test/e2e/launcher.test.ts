import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const LAUNCHER = join(__dirname, '..', '..', 'extension', 'launcher', 'kinesis-telemetry-extension');

/** A PATH with the few tools that Lambda's minimal image has, and no node. */
async function pathWithoutNode(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'no-node-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const tool of ['curl', 'sleep']) {
    const found = (process.env.PATH ?? '').split(':').map((part) => join(part, tool));
    await symlink(found.find((path) => existsSync(path)) as string, join(folder, tool));
  }
  return folder;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly body: string;
  readonly response: ServerResponse;
}

/** Lambda's API as a queue of requests that the test answers itself. */
async function lambdaApi(): Promise<{ address: string; next: () => Promise<Exchange> }> {
  const arrived: Exchange[] = [];
  const waiting: ((exchange: Exchange) => void)[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const exchange = { request, body, response };
    const taker = waiting.shift();
    if (taker) taker(exchange);
    else arrived.push(exchange);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: async () => arrived.shift() ?? new Promise((resolve) => waiting.push(resolve)),
  };
}

it('keeps a function alive whose runtime has no node: says so, registers for SHUTDOWN alone and polls', async () => {
  const api = await lambdaApi();
  const env = { PATH: await pathWithoutNode(), AWS_LAMBDA_RUNTIME_API: api.address };
  const child = spawn('/bin/sh', [LAUNCHER], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });

  const register = await api.next();
  expect(register.request.url).toBe('/2020-01-01/extension/register');
  expect(register.request.headers['lambda-extension-name']).toBe('kinesis-telemetry-extension');
  expect(JSON.parse(register.body)).toEqual({ events: ['SHUTDOWN'] });
  register.response.writeHead(200, { 'Lambda-Extension-Identifier': 'the-identifier' }).end('{}');

  const failing = await api.next();
  failing.response.writeHead(500).end();

  const poll = await api.next();
  expect(poll.request.url).toBe('/2020-01-01/extension/event/next');
  expect(poll.request.headers['lambda-extension-identifier']).toBe('the-identifier');
  expect(output).toContain('this runtime has no node');
  expect(child.exitCode).toBeNull();

  const exited = once(child, 'exit');
  poll.response.end(JSON.stringify({ eventType: 'SHUTDOWN', shutdownReason: 'spindown' }));
  expect((await exited)[0]).toBe(0);
});
