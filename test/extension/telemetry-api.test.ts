import { expect, test } from 'vitest';
import { Logger } from '../../extension/src/logger';
import { subscribe } from '../../extension/src/telemetry-api';
import { type ScriptedAnswer, scriptedHttp } from './scripted-http';

const NEW_SCHEMA = '2025-01-29';
const OLD_SCHEMA = '2022-12-13';

async function subscribeWith(...script: ScriptedAnswer[]) {
  const lines: string[] = [];
  const log = new Logger('warn', (line) => lines.push(line));
  const { http, requests } = scriptedHttp(...script);
  const subscription = {
    types: ['platform', 'function'],
    bufferTimeoutMs: 25,
    bufferMaxBytes: 262_144,
    bufferMaxItems: 10_000,
    port: 28_471,
  };
  const isOn = await subscribe(http, 'id-1', subscription, log);
  return { isOn, lines, requests, schemas: requests.map(({ body }) => JSON.parse(body ?? '').schemaVersion) };
}

test('subscribes with the newest schema, its buffering and the full name of the sandbox', async () => {
  const { isOn, lines, requests } = await subscribeWith({ status: 200 });
  expect(isOn).toBe(true);
  expect(lines).toEqual([]);
  expect(requests).toMatchObject([
    { method: 'PUT', path: '/2022-07-01/telemetry', headers: { 'Lambda-Extension-Identifier': 'id-1' } },
  ]);
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    schemaVersion: NEW_SCHEMA,
    types: ['platform', 'function'],
    buffering: { maxItems: 10_000, maxBytes: 262_144, timeoutMs: 25 },
    destination: { protocol: 'HTTP', URI: 'http://sandbox.localdomain:28471' },
  });
});

test('falls back to the older schema on a 400', async () => {
  const { isOn, schemas, lines } = await subscribeWith({ status: 400 }, { status: 200 });
  expect([isOn, schemas, lines]).toEqual([true, [NEW_SCHEMA, OLD_SCHEMA], []]);
});

test('tries once more after a connection error or a 5xx', async () => {
  for (const failure of [new Error('ECONNRESET'), { status: 500 }]) {
    const { isOn, schemas } = await subscribeWith(failure, { status: 200 });
    expect([isOn, schemas]).toEqual([true, [NEW_SCHEMA, NEW_SCHEMA]]);
  }
});

test('is off, and says so once, where telemetry is not supported', async () => {
  const { isOn, lines, schemas } = await subscribeWith({ status: 202 });
  expect([isOn, schemas]).toEqual([false, [NEW_SCHEMA]]);
  expect(lines).toEqual([expect.stringContaining('does not support the Telemetry API (status 202)')]);
});

test.each<[string, ScriptedAnswer[], number]>([
  [
    'both schemas are refused',
    [
      { status: 400, body: 'first' },
      { status: 400, body: 'second' },
    ],
    2,
  ],
  ['it is forbidden', [{ status: 403, body: 'second' }], 1],
  ['Lambda fails twice', [{ status: 500 }, { status: 503, body: 'second' }], 2],
  ['the connection fails twice', [new Error('first'), new Error('second')], 2],
])('is off, and says why in one line, when %s', async (_name, script, requests) => {
  const result = await subscribeWith(...script);
  expect(result.isOn).toBe(false);
  expect(result.requests).toHaveLength(requests);
  expect(result.lines).toHaveLength(1);
  expect(result.lines[0]).toMatch(/error: the Telemetry API refused the subscription \(.*second\); telemetry is off/);
});
