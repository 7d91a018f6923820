import { expect, test } from 'vitest';
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
