import * as http from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import * as fc from 'fast-check';
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
  const { server } = listener as unknown as { server: Server };
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { listener, port, wished, bodies, events, server, sockets };
}

/** Resolves when the next connection to the server has come, with its server side. */
function nextConnection(server: Server): Promise<Socket> {
  return new Promise((resolve) => server.once('connection', resolve));
}

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

/** All that a connection brings until the listener ends it, or until that many answers have come. */
function speak(port: number, text: string, answers = Number.POSITIVE_INFINITY): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
      if (answer.split('\r\n\r\n').length > answers) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(text, 'latin1');
  });
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
  const connection = nextConnection(server);
  await send(port, 'POST', 'body');
  await closed(await connection);
  const quietMs = listener.quietMs(Date.now() + 500);
  expect(quietMs).toBeGreaterThanOrEqual(500);
  expect(quietMs).toBeLessThan(2_500);
  expect(listener.quietMs(0)).toBe(0); // the clock was set back
});

test('names the body whose answer did not arrive, and forgets a POST that broke off', async () => {
  const { port, bodies, events, listener, server } = await startListener({ answerDelayMs: () => 60 });
  const first = nextConnection(server);
  const unanswered = http.request({ port, method: 'POST', agent: false });
  unanswered.on('error', () => {});
  unanswered.end('body');
  while (bodies.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const firstClosed = closed(await first);
  unanswered.destroy();
  await firstClosed;
  expect(events.unanswered).toEqual(['body']);

  const second = nextConnection(server);
  const broken = http.request({ port, method: 'POST', agent: false, headers: { 'content-length': '100' } });
  broken.on('error', () => {});
  broken.write('part');
  const socket = await second;
  const secondClosed = closed(socket);
  while (socket.bytesRead === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(listener.quietMs(Date.now() + 500)).toBe(0);
  broken.destroy();
  await secondClosed;
  expect(bodies).toEqual(['body']);
  expect(events.unanswered).toEqual(['body']);
  expect(listener.quietMs(Date.now() + 500)).toBeGreaterThanOrEqual(500);
});

test('takes over whatever bodies Node.js posts, sized or in chunks, on one connection or on several', async () => {
  const { port, bodies } = await startListener();
  const part = fc.string({ unit: 'binary', maxLength: 40_000 }).map((text) => Buffer.from(text));
  const post = fc.record({ parts: fc.array(part, { minLength: 1, maxLength: 5 }), sized: fc.boolean() });
  const posts = fc.sample(fc.array(post, { minLength: 5, maxLength: 5 }), { numRuns: 8, seed: 7 });
  for (const maxSockets of [1, 3]) {
    const agent = new http.Agent({ keepAlive: true, maxSockets });
    onTestFinished(() => agent.destroy());
    for (const batch of posts) {
      bodies.length = 0;
      const answers = batch.map(
        ({ parts, sized }) =>
          new Promise((resolve, reject) => {
            const length = { 'content-length': parts.reduce((sum, { length }) => sum + length, 0) };
            const options = { port, method: 'POST', agent, headers: sized ? length : {} };
            const outgoing = http.request(options, (response) =>
              response.resume().on('end', () => resolve(response.statusCode)),
            );
            outgoing.on('error', reject);
            for (const bytes of parts) outgoing.write(bytes);
            outgoing.end();
          }),
      );
      expect(await Promise.all(answers)).toEqual([200, 200, 200, 200, 200]);
      const sent = batch.map(({ parts }) => Buffer.concat(parts).toString());
      expect([...bodies].sort()).toEqual([...sent].sort());
      if (maxSockets === 1) expect(bodies).toEqual(sent);
    }
  }
});

test('answers what was sent in one go in order, each after the one before', async () => {
  const delays = [40, 0, 0];
  const { port, bodies } = await startListener({ answerDelayMs: () => delays.shift() ?? 0, maxBodyBytes: 5 });
  const post = (body: string) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const answer = await speak(port, post('first') + post('too large') + post('last'), 3);
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 413', 'HTTP/1.1 200']);
  expect(bodies).toEqual(['first', 'last']);
});

test('closes the connection where the sender wants that, and after bytes that are no HTTP', async () => {
  const { port, bodies } = await startListener();
  const closing = 'POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1';
  expect(await speak(port, closing)).toBe('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  const malformed = await speak(port, 'this is no HTTP\r\n\r\nnor is this');
  expect(malformed).toBe('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  expect((await send(port, 'POST', 'next')).status).toBe(200);
  expect(bodies).toEqual(['1', 'next']);
});

test('asks for the body of a sender that waits to be asked', async () => {
  const { port, bodies } = await startListener();
  const status = await new Promise((resolve, reject) => {
    const headers = { expect: '100-continue', 'content-length': '4' };
    const outgoing = http.request({ port, method: 'POST', agent: false, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    outgoing.on('error', reject);
    outgoing.on('continue', () => outgoing.end('body'));
    outgoing.flushHeaders();
  });
  expect(status).toBe(200);
  expect(bodies).toEqual(['body']);
});

test('answers although taking the body over failed', async () => {
  const { port, server } = await startListener({
    onBody: () => {
      throw new Error('unforeseen');
    },
  });
  const uncaught = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
  const connection = nextConnection(server);
  const status = await send(port, 'POST', 'body');
  expect(await thrown).toMatchObject({ message: 'unforeseen' });
  for (const listener of uncaught) process.on('uncaughtException', listener);
  expect(status.status).toBe(200);
  await closed(await connection);
});

test('answers 503 once it is stopped, and takes nothing', async () => {
  const { listener, port, bodies, events } = await startListener();
  listener.stop();
  expect((await send(port, 'POST', 'late')).status).toBe(503);
  expect([bodies, events]).toEqual([[], { refused: 0, unanswered: [] }]);
});

test('cuts no connection by a time-out, which would fire after a freeze', async () => {
  const { port, server } = await startListener();
  const connection = nextConnection(server);
  const idle = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void idle.destroy());
  expect((await connection).timeout).toBeUndefined();
});
