import { request } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LISTENER_PORT } from '../../extension/src/telemetry-listener';
import { until } from '../../sandbox/src';
import { type Sandboxed, sandboxed } from './sandboxed';

/** Where the extension listens: what it told the Telemetry API. */
function listenerPort({ environment }: Sandboxed): number {
  const subscribe = environment.exchanges.find(({ path }) => path === '/2022-07-01/telemetry');
  const port = /sandbox\.localdomain:(\d+)/.exec(JSON.stringify(subscribe))?.[1];
  return Number(port ?? LISTENER_PORT);
}

/** POSTs as Lambda would; resolves with the status. */
function post(port: number, body: Buffer | string, path = '/'): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method: 'POST', agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

let marks = 0;
/** A valid event that can be told from all others in the stream. */
function markedEvent(): { json: string; mark: string } {
  marks += 1;
  const mark = `mark-${marks}`;
  return { mark, json: JSON.stringify({ time: '2026-01-01T00:00:00.000Z', type: 'function', record: mark }) };
}

const MIB = 1_048_576;

/** Elements that are no event, by name; each stands between two valid events. */
const BROKEN: readonly [string, string][] = [
  ['a number', '42'],
  ['a huge number', `1${'0'.repeat(5_000)}`],
  ['null', 'null'],
  ['a string', '"{\\"time\\":1}"'],
  ['an array', '[[[{}]]]'],
  ['a bad literal', '{"time":"x","type":"function","record":tru}'],
  ['a bad number', '{"time":"x","type":"function","record":01}'],
  ['a bad escape', '{"time":"x","type":"function","record":"\\x"}'],
  ['a raw line break in a string', '{"time":"x","type":"function","record":"a\nb"}'],
  ['a missing colon', '{"time" "x"}'],
  ['a trailing comma', '{"time":"x",}'],
];

/** Events that are odd, but JSON: they must arrive. */
const ODD: readonly [string, string][] = [
  ['no fields', '{}'],
  ['no record', '{"time":"x","type":"function"}'],
  ['a numeric time', '{"time":1,"type":"function","record":"r"}'],
  ['a numeric type', '{"time":"x","type":7,"record":"r"}'],
  ['lone surrogates', '{"time":"x","type":"function","record":"\\ud800 \\udc00"}'],
  ['NUL characters', '{"time":"x","type":"function","record":"a\\u0000b"}'],
  ['a record of huge numbers', `{"time":"x","type":"function","record":{"n":1e400,"m":-0.0,"k":${'9'.repeat(400)}}}`],
  ['a deeply nested record', `{"time":"x","type":"function","record":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ['a platform event with a string', '{"time":"x","type":"platform.fault","record":"fault"}'],
  ['a platform event with odd fields', '{"type":"platform.report","record":{"requestId":5,"metrics":[1],"status":{}}}'],
  ['an unknown type', '{"time":"x","type":"platform.future","record":{"a":[1]}}'],
  ['repeated keys', '{"time":"x","time":"y","type":"function","record":"a","record":"b"}'],
];

describe('the listener', { timeout: 60_000 }, () => {
  it('survives bodies that no platform should send: valid events arrive, each failure is counted', async () => {
    const box = await sandboxed({ freezeBetweenInvocations: false, timeoutMs: 30_000 });
    const port = listenerPort(box);
    const expected: string[] = [];
    let malformed = 0;
    const valid = () => {
      const { json, mark } = markedEvent();
      expected.push(mark);
      return json;
    };
    for (const [, text] of BROKEN) {
      malformed += 1;
      expect(await post(port, `[${valid()}, ${text} ,${valid()}]`)).toBe(200);
    }
    for (const [, text] of ODD) expect(await post(port, `[${valid()},${text},${valid()}]`)).toBe(200);
    // A body that breaks off: what came before arrives, the rest counts as one.
    for (const cut of [
      '[',
      `[${valid()}`,
      `[${valid()},`,
      `[${valid()},{"time":"x","rec`,
      '{"not":"an array"}',
      'GET / HTTP',
    ]) {
      malformed += 1;
      expect(await post(port, cut)).toBe(200);
    }
    for (const nothing of ['', '[]', '  [ ]  ']) expect(await post(port, nothing, '/any/path')).toBe(200);
    // Two MiB in one line, and invalid UTF-8.
    const large = JSON.stringify({ time: 'x', type: 'function', record: 'é'.repeat(MIB) });
    expect(await post(port, `[${large},${valid()}]`)).toBe(200);
    const invalid = Buffer.concat([
      Buffer.from('[{"time":"x","type":"function","record":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from(`"},${valid()}]`),
    ]);
    expect(await post(port, invalid)).toBe(200);
    malformed += 1;
    expect(await post(port, Buffer.alloc(9 * MIB, 0x20))).toBe(413);

    expect((await box.environment.invoke({ lines: ['alive'] })).status).toBe('success');
    await box.environment.shutdown();
    const arrived = box.events().map((line) => line.message);
    for (const mark of expected) expect(arrived.filter((message) => message === mark)).toHaveLength(1);
    const ledger = box.ledgers().at(-1);
    expect(ledger?.dropped_by_reason).toEqual({ malformed });
    expect(ledger).toMatchObject({ held: 0, truncated_events: 1 });
    expect(box.events()).toHaveLength(ledger?.delivered as number);
    const complaints = box.environment.extensionOutput.filter((line) => !line.includes('were not delivered'));
    expect(complaints).toEqual([]);
  });

  it('keeps every line in the stream valid, whatever bytes arrive', async () => {
    const box = await sandboxed({ freezeBetweenInvocations: false, timeoutMs: 30_000 });
    const port = listenerPort(box);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array)),
      fc.json().map((json) => Buffer.from(`[${json}]`)),
      fc.tuple(fc.json(), fc.nat()).map(([json, at]) => {
        const body = Buffer.from(`[{"time":"x","type":"function","record":${json}},{"type":"function"}]`);
        body[at % body.length] = at % 256;
        return body;
      }),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        expect(await post(port, body)).toBe(200);
      }),
      { numRuns: 400 },
    );
    expect((await box.environment.invoke()).status).toBe('success');
    await box.environment.shutdown();
    await until(() => box.ledgers().at(-1)?.final === true, 'the last ledger line');
    const { received, delivered, dropped } = box.ledgers().at(-1) as unknown as Record<string, number>;
    expect(box.events()).toHaveLength(delivered as number); // lines() has parsed each of them
    expect((delivered as number) + (dropped as number)).toBe(received);
  });
});
