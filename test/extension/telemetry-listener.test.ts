import * as http from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import {
  LISTENER_PORT,
  TelemetryListener,
  type TelemetryListenerOptions,
} from '../../extension/src/telemetry-listener';
import { send } from './test-server';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startListener(options: Partial<TelemetryListenerOptions> = {}) {
  const bodies: string[] = [];
  const events = { refused: 0, unanswered: [] as string[] };
  const wished = options.port ?? (await freePort());
  const listener = new TelemetryListener({
    onBody: (body) => {
      const text = body.toString();
      bodies.push(text);
      return () => events.unanswered.push(text);
    },
    answerDelayMs: () => 0,
    maxBodyBytes: 1_000_000,
    onRefused: () => {
      events.refused += 1;
    },
    ...options,
    port: wished,
  });
  const port = await listener.listen();
  // The listener lives as long as its process, so it has no way to end: the test takes it from inside.
  const { server } = listener as unknown as { server: http.Server };
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { listener, port, wished, bodies, events, server };
}

test('listens on its port on every interface, and hands over each body', async () => {
  const { port, wished, bodies, server } = await startListener();
  expect(port).toBe(wished);
  expect((server.address() as AddressInfo).address).toBe('0.0.0.0');
  expect((await send(port, 'POST', '[{"a":1}]')).status).toBe(200);
  expect((await send(port, 'POST', '[]')).status).toBe(200);
  expect((await send(port, 'POST')).status).toBe(200);
  expect(bodies).toEqual(['[{"a":1}]', '[]', '']);
});

test('has a port outside the ephemeral range and apart from known ones', () => {
  expect(LISTENER_PORT).toBeGreaterThan(1_024);
  expect(LISTENER_PORT).toBeLessThan(32_768);
  expect([4243, 4323, 9001]).not.toContain(LISTENER_PORT);
});

test('takes a free port where its own is taken', async () => {
  const first = await startListener();
  const second = await startListener({ port: first.port });
  expect(second.port).not.toBe(first.port);
  expect((await send(second.port, 'POST', 'second')).status).toBe(200);
  expect([first.bodies, second.bodies]).toEqual([[], ['second']]);
});

test('hands over a body of many chunks as one, and several bodies on one connection in order', async () => {
  const { port, bodies } = await startListener();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const post = (parts: string[]) =>
    new Promise<number | undefined>((resolve, reject) => {
      const outgoing = http.request({ port, method: 'POST', agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      outgoing.on('error', reject);
      for (const part of parts) outgoing.write(part);
      outgoing.end();
    });
  const large = ['['.repeat(100_000), '1'.repeat(200_000), ']'.repeat(100_000)];
  expect(await Promise.all([post(large), post(['a', 'b']), post(['c'])])).toEqual([200, 200, 200]);
  expect(bodies.map((body) => body.length)).toEqual([400_000, 2, 1]);
  expect(bodies[0]).toBe(large.join(''));
});

test('refuses a body that is too large with 413, and counts it', async () => {
  const { port, bodies, events } = await startListener({ maxBodyBytes: 10 });
  expect((await send(port, 'POST', '12345678901')).status).toBe(413);
  expect((await send(port, 'POST', '1234567890')).status).toBe(200);
  expect(bodies).toEqual(['1234567890']);
  expect(events).toEqual({ refused: 1, unanswered: [] });
});

test('waits with its answer as long as it is told, and has taken the body by then', async () => {
  const delays = [80, 0];
  const { listener, port, bodies } = await startListener({ answerDelayMs: () => delays.shift() ?? 0 });
  const from = performance.now();
  const answered = send(port, 'POST', 'body');
  while (bodies.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(listener.quietMs(Date.now() + 1_000)).toBe(0); // still under way
  await answered;
  expect(performance.now() - from).toBeGreaterThanOrEqual(78);
});

test('tells how long it has been quiet', async () => {
  const { listener, port, server } = await startListener();
  expect(listener.quietMs(Date.now())).toBeGreaterThan(1_000_000);
  const closed = new Promise((resolve) =>
    server.once('request', (_request, response) => response.once('close', resolve)),
  );
  await send(port, 'POST', 'body');
  await closed;
  const quietMs = listener.quietMs(Date.now() + 500);
  expect(quietMs).toBeGreaterThanOrEqual(500);
  expect(quietMs).toBeLessThan(2_500);
  expect(listener.quietMs(0)).toBe(0); // the clock was set back
});

test('names the body whose answer did not arrive, and forgets a POST that broke off', async () => {
  const { port, bodies, events, listener, server } = await startListener({ answerDelayMs: () => 60 });
  const closed = () =>
    new Promise<void>((resolve) =>
      server.once('request', (_request, response) => response.once('close', () => resolve())),
    );
  const first = closed();
  const unanswered = http.request({ port, method: 'POST', agent: false });
  unanswered.on('error', () => {});
  unanswered.end('body');
  while (bodies.length === 0) await new Promise((resolve) => setImmediate(resolve));
  unanswered.destroy();
  await first;
  expect(events.unanswered).toEqual(['body']);

  const second = closed();
  const started = new Promise<void>((resolve) => server.once('request', () => resolve()));
  const broken = http.request({ port, method: 'POST', agent: false, headers: { 'content-length': '100' } });
  broken.on('error', () => {});
  broken.write('part');
  await started;
  broken.destroy();
  await second;
  expect(bodies).toEqual(['body']);
  expect(events.unanswered).toEqual(['body']);
  expect(listener.quietMs(Date.now() + 500)).toBeGreaterThanOrEqual(500);
});

test('answers 503 once it is stopped, and takes nothing', async () => {
  const { listener, port, bodies, events } = await startListener();
  listener.stop();
  expect((await send(port, 'POST', 'late')).status).toBe(503);
  expect([bodies, events]).toEqual([[], { refused: 0, unanswered: [] }]);
});

test('cuts no connection by a time-out, which would fire after a freeze', async () => {
  const { server } = await startListener();
  const { timeout, keepAliveTimeout, headersTimeout, requestTimeout } = server;
  expect([timeout, keepAliveTimeout, headersTimeout, requestTimeout]).toEqual([0, 0, 0, 0]);
});
