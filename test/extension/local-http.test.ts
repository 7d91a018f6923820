import { type AddressInfo, createServer, type Socket } from 'node:net';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { localHttp } from '../../extension/src/local-http';
import { startServer } from './test-server';

test('sends method, path, headers and body, and reads the answer', async () => {
  const { port, received } = await startServer((_request, response) => {
    response.writeHead(201, { 'x-answer': 'yes' }).end('gr\u00fc\u00dfe');
  });
  const http = localHttp(`127.0.0.1:${port}`);
  const answer = await http({ method: 'POST', path: '/a/b', headers: { 'x-mine': '1' }, body: '{"\u00e9":1}' });
  expect(answer).toMatchObject({ status: 201, headers: { 'x-answer': 'yes' }, body: 'gr\u00fc\u00dfe' });
  expect(received[0]).toMatchObject({
    method: 'POST',
    path: '/a/b',
    headers: { 'x-mine': '1', 'content-length': '8' },
  });
  expect(received[0]?.body.toString()).toBe('{"\u00e9":1}');
});

test('keeps its connection alive', async () => {
  const { port, received } = await startServer((_request, response) => response.end());
  const http = localHttp(`127.0.0.1:${port}`);
  for (let call = 0; call < 3; call += 1) await http({ method: 'GET', path: '/' });
  expect(received.map(({ connection }) => connection)).toEqual([1, 1, 1]);
});

test('rejects when nothing listens', async () => {
  await expect(localHttp('127.0.0.1:1')({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('rejects when the connection breaks before or within the answer, and works on', async () => {
  const breaks = [
    (response: { destroy(): void }) => response.destroy(),
    (response: import('node:http').ServerResponse) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('part', () => response.destroy());
    },
  ];
  const { port } = await startServer((_request, response) => {
    const next = breaks.shift();
    if (next === undefined) response.end('well');
    else next(response);
  });
  const http = localHttp(`127.0.0.1:${port}`);
  await expect(http({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(http({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(await http({ method: 'GET', path: '/' })).toMatchObject({ status: 200, body: 'well' });
});

test('understands an IPv6 address', async () => {
  await expect(localHttp('[::1]:1')({ method: 'GET', path: '/' })).rejects.toMatchObject({ port: 1, address: '::1' });
});

test('reads whatever answers Node.js gives, sized, in chunks or ended by the connection', async () => {
  const answer = fc.record({
    status: fc.constantFrom(200, 202, 204, 400, 404, 500),
    headers: fc.dictionary(
      fc.string({ unit: fc.constantFrom(...'abcXY-'), minLength: 1, maxLength: 8 }).map((name) => `x-${name}`),
      fc.string({ unit: fc.constantFrom(...'ab 09:;,="'), maxLength: 20 }).map((text) => text.trim()),
    ),
    parts: fc.array(fc.string({ unit: 'grapheme', maxLength: 2_000 }), { maxLength: 4 }),
    framing: fc.constantFrom('sized', 'chunked', 'until closed'),
  });
  const script = fc.sample(answer, { numRuns: 60, seed: 11 });
  let next = 0;
  const { port } = await startServer((_request, response) => {
    const { status, headers, parts, framing } = script[next++] as (typeof script)[number];
    for (const [name, text] of Object.entries(headers)) response.setHeader(name, text);
    if (framing === 'sized') response.setHeader('content-length', Buffer.byteLength(parts.join('')));
    if (framing === 'until closed') response.useChunkedEncodingByDefault = false;
    response.statusCode = status;
    for (const part of parts) response.write(part);
    response.end();
  });
  const http = localHttp(`127.0.0.1:${port}`);
  for (const { status, headers, parts } of script) {
    const read = await http({ method: 'GET', path: '/' });
    expect(read.status).toBe(status);
    expect(read.body).toBe(status === 204 ? '' : parts.join(''));
    const lowerCase = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]);
    expect(read.headers).toMatchObject(Object.fromEntries(lowerCase));
  }
});

test('has as many requests under way as it is asked for, and keeps one connection of them', async () => {
  const { port, received } = await startServer(({ path }, response) => response.end(path));
  const http = localHttp(`127.0.0.1:${port}`);
  const get = (path: string) => http({ method: 'GET', path });
  const answers = await Promise.all(['/a', '/b', '/c'].map(get));
  expect(answers.map(({ body }) => body)).toEqual(['/a', '/b', '/c']);
  await get('/d');
  await get('/e');
  const connections = received.map(({ connection }) => connection);
  expect(new Set(connections.slice(0, 3)).size).toBe(3);
  expect(connections.slice(0, 3)).toContain(connections[3]);
  expect(connections[4]).toBe(connections[3]);
});

/** A server that answers with these bytes as they are, one script a connection; tells when a connection has closed. */
async function startRawServer(...scripts: ((socket: Socket) => void)[]) {
  const closed: Promise<void>[] = [];
  const server = createServer((socket) => {
    closed.push(new Promise((resolve) => socket.once('close', () => resolve())));
    socket.on('error', () => {});
    socket.once('data', () => scripts.shift()?.(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, closed };
}

test('takes a fresh connection after an answer that ends its own, and after one that was no HTTP', async () => {
  const { port, closed } = await startRawServer(
    (socket) => socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1'),
    (socket) => socket.write('SSH-2.0\r\n'),
    (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2HTTP/1.1 200 OK\r\n'),
    (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n3'),
  );
  const http = localHttp(`127.0.0.1:${port}`);
  const get = async () => (await http({ method: 'GET', path: '/' })).body;
  expect(await get()).toBe('1');
  await expect(get()).rejects.toThrow('SSH-2.0');
  expect(await get()).toBe('2');
  expect(await get()).toBe('3');
  await Promise.all(closed);
  expect(closed).toHaveLength(4);
});

test('rejects a request that a kept connection did not survive, and works on', async () => {
  const held: Socket[] = [];
  const answer = (socket: Socket) => {
    held.push(socket);
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    socket.once('data', () => socket.resetAndDestroy());
  };
  const { port } = await startRawServer(answer, answer);
  const http = localHttp(`127.0.0.1:${port}`);
  const get = () => http({ method: 'GET', path: '/' });
  expect((await get()).body).toBe('ok');
  await expect(get()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await get()).body).toBe('ok');
  expect(held).toHaveLength(2);
  held[1]?.destroy();
});
