import { expect, test } from 'vitest';
import { ExtensionsApi } from '../../extension/src/extensions-api';
import { Logger } from '../../extension/src/logger';
import { FakeClock } from './fake-clock';
import { type ScriptedAnswer, scriptedHttp } from './scripted-http';

const REGISTERED = {
  status: 200,
  headers: { 'lambda-extension-identifier': 'id-1' },
  body: '{"functionName":"orders","functionVersion":"$LATEST","handler":"h","accountId":"123456789012"}',
};
const INVOKE = '{"eventType":"INVOKE","deadlineMs":1700000003000,"requestId":"r-1","invokedFunctionArn":"arn"}';

function newApi(...script: ScriptedAnswer[]) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = new Logger('warn', (line) => lines.push(line), clock.now);
  const { http, requests } = scriptedHttp(...script);
  return { clock, lines, log, requests, api: new ExtensionsApi(http, 'my-extension', clock) };
}

test('registers with its name and asks for the account id', async () => {
  const { clock, requests, api } = newApi(REGISTERED);
  expect(await clock.until(api.register(['INVOKE', 'SHUTDOWN']))).toEqual({
    identifier: 'id-1',
    events: ['INVOKE', 'SHUTDOWN'],
    functionName: 'orders',
    functionVersion: '$LATEST',
    accountId: '123456789012',
  });
  expect(requests).toMatchObject([
    {
      method: 'POST',
      path: '/2020-01-01/extension/register',
      headers: { 'Lambda-Extension-Name': 'my-extension', 'Lambda-Extension-Accept-Feature': 'accountId' },
      body: '{"events":["INVOKE","SHUTDOWN"]}',
    },
  ]);
});

test.each(['', '[]', 'null', '{"functionName":7,"accountId":""}', 'no json'])(
  'registers although the answer says %j',
  async (body) => {
    const { clock, api } = newApi({ ...REGISTERED, body });
    expect(await clock.until(api.register(['SHUTDOWN']))).toEqual({ identifier: 'id-1', events: ['SHUTDOWN'] });
  },
);

test('registers for SHUTDOWN alone where INVOKE is refused with 403', async () => {
  const { clock, requests, api } = newApi({ status: 403 }, REGISTERED);
  expect((await clock.until(api.register(['INVOKE', 'SHUTDOWN']))).events).toEqual(['SHUTDOWN']);
  expect(requests.map(({ body }) => body)).toEqual(['{"events":["INVOKE","SHUTDOWN"]}', '{"events":["SHUTDOWN"]}']);
});

test('tries to register through connection errors and 5xx, with growing pauses', async () => {
  const { clock, requests, api } = newApi(new Error('ECONNREFUSED'), { status: 500 }, new Error('x'), REGISTERED);
  const from = clock.now();
  await clock.until(api.register(['INVOKE', 'SHUTDOWN']));
  expect(requests).toHaveLength(4);
  expect(clock.now() - from).toBe(10 + 20 + 40);
});

test.each([
  [400, '{"errorType":"Extension.InvalidExtensionName"}', false],
  [403, '{"errorType":"Extension.RegistrationClosed"}', true],
])('gives up registering after status %i %s', async (status, body, closed) => {
  const { clock, api } = newApi({ status, body }, { status, body });
  const refused = clock.until(api.register(['INVOKE', 'SHUTDOWN']));
  await expect(refused).rejects.toMatchObject({
    name: 'Error',
    closed,
    message: expect.stringContaining(`status ${status}`),
  });
});

test('asks for the next event with its identifier', async () => {
  const { clock, requests, log, api } = newApi(REGISTERED, { body: INVOKE });
  await clock.until(api.register(['INVOKE', 'SHUTDOWN']));
  expect(await clock.until(api.next(log))).toEqual({
    eventType: 'INVOKE',
    deadlineMs: 1_700_000_003_000,
    requestId: 'r-1',
  });
  expect(requests[1]).toMatchObject({
    method: 'GET',
    path: '/2020-01-01/extension/event/next',
    headers: { 'Lambda-Extension-Identifier': 'id-1' },
  });
});

test('reads SHUTDOWN with its reason, and leaves out what cannot be used', async () => {
  const { clock, log, api } = newApi({
    body: '{"eventType":"SHUTDOWN","shutdownReason":"spindown","deadlineMs":"soon","requestId":1}',
  });
  expect(await clock.until(api.next(log))).toEqual({ eventType: 'SHUTDOWN', shutdownReason: 'spindown' });
});

test('asks again at once and silently after a connection that did not survive a freeze', async () => {
  const { clock, lines, log, api } = newApi(new Error('ECONNRESET'), { body: INVOKE });
  const from = clock.now();
  expect((await clock.until(api.next(log))).eventType).toBe('INVOKE');
  expect(clock.now()).toBe(from);
  expect(lines).toEqual([]);
});

test('asks again for ever, with pauses up to a second, and says so once a minute', async () => {
  const failures = Array.from({ length: 20 }, (_, index) =>
    index % 2 === 0 ? new Error('ECONNREFUSED') : { status: 500 },
  );
  const noEvents = [{ body: '' }, { body: '{}' }, { body: '{"eventType":7}' }, { status: 403, body: INVOKE }];
  const { clock, lines, log, requests, api } = newApi(...failures, ...noEvents, { body: INVOKE });
  const from = clock.now();
  expect((await clock.until(api.next(log))).requestId).toBe('r-1');
  expect(requests).toHaveLength(25);
  // 0, 10, 20, 40 ... 640, then 1,000 each
  expect(clock.now() - from).toBe(1_270 + 16 * 1_000);
  expect(lines).toHaveLength(1);
});
