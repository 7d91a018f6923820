import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedMessage, type MessageHead, MessageReader } from '../../extension/src/http-message';
import { assertProperty } from './property';

interface Message {
  readonly head: MessageHead;
  readonly body: string;
}

/** What a reader makes of the pieces of a stream, read to its end; `error` where it refuses them. */
function readAll(kind: 'request' | 'response', pieces: readonly Buffer[], ends = false) {
  const messages: Message[] = [];
  let head: MessageHead | undefined;
  let body: Buffer[] = [];
  const reader = new MessageReader(kind, {
    onHead: (read) => {
      expect(head).toBeUndefined();
      head = read;
    },
    onBody: (bytes, start, end) => {
      expect(end).toBeGreaterThan(start);
      body.push(Buffer.from(bytes.subarray(start, end)));
    },
    onEnd: () => {
      messages.push({ head: head as MessageHead, body: Buffer.concat(body).toString('latin1') });
      head = undefined;
      body = [];
    },
  });
  try {
    for (const piece of pieces) {
      let at = 0;
      while (at < piece.length) {
        const complete = messages.length;
        const next = reader.read(piece, at);
        expect(next).toBeGreaterThan(at);
        expect(messages.length - complete).toBeLessThanOrEqual(1); // at most to the end of one message
        at = next;
      }
    }
    const cutOff = ends ? reader.close() : undefined;
    return { messages, cutOff, error: undefined };
  } catch (error) {
    return { messages, cutOff: undefined, error: error as Error };
  }
}

const one = (kind: 'request' | 'response', text: string, ends = false) =>
  readAll(kind, [Buffer.from(text, 'latin1')], ends);

/** The bytes cut at any places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.!~'), minLength: 1, maxLength: 12 });
const value = fc
  .string({ unit: fc.constantFrom(...'ab Z09:;,=/"\t\u00e9~'), maxLength: 30 })
  .map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''));
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection']);
const headers = fc
  .uniqueArray(fc.tuple(token, value), { selector: ([name]) => name.toLowerCase(), maxLength: 6 })
  .map((all) => all.filter(([name]) => !FRAMING.has(name.toLowerCase())));
const content = fc.string({ unit: fc.constantFrom(...'ab\r\n0;{}"\u00ff\u0000'), maxLength: 60 });
const lineEnd = fc.constantFrom('\r\n', '\n');

interface Written {
  readonly text: string;
  readonly startLine: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const startLines = {
  request: fc
    .tuple(fc.constantFrom('GET', 'POST', 'PUT', 'm-search'), fc.constantFrom('/', '/a/b?c=d', '*', 'http://x/y'))
    .map(([method, target]) => `${method} ${target} HTTP/1.1`),
  response: fc
    .tuple(fc.constantFrom(200, 201, 202, 400, 403, 500, 599), fc.constantFrom('', ' OK', ' Not Found', ' '))
    .map(([status, reason]) => `HTTP/1.1 ${status}${reason}`),
};

/** A message as any correct sender may write it, and what is to be read from it. */
function message(kind: 'request' | 'response'): fc.Arbitrary<Written> {
  const chunks = fc.array(
    fc.tuple(
      content.filter((text) => text !== ''),
      fc.constantFrom('', ';a=b', ' ', ' ;x="y"'),
    ),
    { maxLength: 4 },
  );
  const framing = fc.oneof(
    content.map((body) => ({ headers: [['Content-Length', String(body.length)]], body, coded: body })),
    fc.tuple(chunks, headers, fc.boolean()).map(([all, trailers, upper]) => {
      const hex = (text: string) => (upper ? text.toUpperCase() : text);
      const coded = all.map(([text, extension]) => `${hex(text.length.toString(16))}${extension}\r\n${text}\r\n`);
      const end = `0\r\n${trailers.map(([name, text]) => `${name}: ${text}\r\n`).join('')}\r\n`;
      const body = all.map(([text]) => text).join('');
      return { headers: [['Transfer-Encoding', upper ? 'Chunked' : 'chunked']], body, coded: coded.join('') + end };
    }),
    ...(kind === 'request' ? [fc.constant({ headers: [], body: '', coded: '' })] : []),
  );
  const space = fc.constantFrom(':', ': ', ':\t ');
  return fc
    .tuple(startLines[kind], headers, framing, lineEnd, space, fc.constantFrom('', '\r\n', '\n'))
    .map(([startLine, others, framed, end, colon, before]) => {
      const all = [...others, ...framed.headers] as [string, string][];
      const lines = [startLine, ...all.map(([name, text]) => `${name}${colon}${text}${end === '\n' ? '' : ' '}`)];
      return {
        text: `${before}${lines.join(end)}${end}${end}${framed.coded}`,
        startLine,
        headers: Object.fromEntries(all.map(([name, text]) => [name.toLowerCase(), text])),
        body: framed.body,
      };
    });
}

describe.each(['request', 'response'] as const)('a %s', (kind) => {
  test('is read as it was written, many on one connection, cut anywhere', () => {
    assertProperty(
      fc.property(fc.array(message(kind), { minLength: 1, maxLength: 3 }), fc.array(fc.nat()), (written, places) => {
        const bytes = Buffer.from(written.map(({ text }) => text).join(''), 'latin1');
        const { messages, cutOff, error } = readAll(kind, cut(bytes, places), true);
        expect(error).toBeUndefined();
        expect(cutOff).toBe(false);
        expect(
          messages.map(({ head, body }) => ({ startLine: head.startLine, headers: { ...head.headers }, body })),
        ).toEqual(written.map(({ startLine, headers: expected, body }) => ({ startLine, headers: expected, body })));
      }),
      { numRuns: 500 },
    );
  });

  test('that is cut off is no message, wherever the cut is', () => {
    assertProperty(
      fc.property(message(kind), fc.nat(), (written, place) => {
        const bytes = Buffer.from(written.text.replace(/^[\r\n]+/, ''), 'latin1');
        const length = 1 + (place % (bytes.length - 1));
        const { messages, cutOff, error } = readAll(kind, [bytes.subarray(0, length)], true);
        expect({ messages, cutOff, error }).toEqual({ messages: [], cutOff: true, error: undefined });
      }),
      { numRuns: 300 },
    );
  });

  test('never makes anything but MalformedMessage of any bytes, and the same however they are cut', () => {
    const damage = fc.tuple(fc.nat(), fc.constantFrom(...'\r\n :;0aF-\u0000\u007f\u00ff'));
    assertProperty(
      fc.property(
        message(kind),
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat()),
        (written, all, places) => {
          const characters = [...written.text];
          for (const [at, by] of all) characters[at % characters.length] = by;
          const bytes = Buffer.from(characters.join(''), 'latin1');
          const whole = readAll(kind, [bytes], true);
          const pieces = readAll(kind, cut(bytes, places), true);
          if (whole.error !== undefined) expect(whole.error).toBeInstanceOf(MalformedMessage);
          expect(pieces).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the length of a body', () => {
  test('is known from the head or told by its end', () => {
    const bodyBytes = (kind: 'request' | 'response', text: string) => one(kind, text, true).messages[0]?.head.bodyBytes;
    expect(bodyBytes('request', 'GET / HTTP/1.1\r\n\r\n')).toBe(0);
    expect(bodyBytes('request', 'POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc')).toBe(3);
    expect(bodyBytes('request', 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')).toBeUndefined();
    expect(bodyBytes('response', 'HTTP/1.1 204 No Content\r\n\r\n')).toBe(0);
    expect(bodyBytes('response', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n')).toBe(0);
    expect(bodyBytes('response', 'HTTP/1.1 200 OK\r\n\r\nabc')).toBeUndefined();
  });

  test('may be the rest of the connection, in an answer', () => {
    const text = 'HTTP/1.0 200 OK\r\nX: y\r\n\r\nall of\r\n\r\nthis';
    expect(one('response', text).messages).toEqual([]);
    const { messages, cutOff } = one('response', text, true);
    expect(messages.map(({ body }) => body)).toEqual(['all of\r\n\r\nthis']);
    expect(cutOff).toBe(false);
  });

  test('is that of the chunks where both are given (RFC 9112, 6.3)', () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
    expect(one('response', text).messages.map(({ body }) => body)).toEqual(['abc']);
  });
});

test('interim answers are passed over', () => {
  const text =
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const { messages } = one('response', text);
  expect(messages.map(({ head, body }) => [head.startLine, { ...head.headers }, body])).toEqual([
    ['HTTP/1.1 200 OK', { 'content-length': '2' }, 'ok'],
  ]);
});

test('values of a repeated header are joined, whatever it is called', () => {
  const text = 'GET / HTTP/1.1\r\nA: 1\r\na: 2\r\nconstructor: x\r\n__proto__: y\r\n\r\n';
  const { head } = one('request', text).messages[0] as Message;
  expect(Object.entries(head.headers)).toEqual([
    ['a', '1, 2'],
    ['constructor', 'x'],
    ['__proto__', 'y'],
  ]);
});

test.each([
  ['HTTP/1.1 200 OK\r\n', true],
  ['HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n', true],
  ['HTTP/1.1 200 OK\r\nConnection: Close\r\n', false],
  ['HTTP/1.1 200 OK\r\nConnection: upgrade, close\r\n', false],
  ['HTTP/1.0 200 OK\r\n', false],
])('whether the connection goes on: %j', (head, persists) => {
  expect(one('response', `${head}Content-Length: 0\r\n\r\n`).messages[0]?.head.persists).toBe(persists);
});

test.each([
  ['request', 'no request at all\r\n'],
  ['request', 'GET /\r\n'],
  ['request', 'GET / HTTP/2.0\r\n'],
  ['request', 'GET /a b HTTP/1.1\r\n'],
  ['request', 'HTTP/1.1 200 OK\r\n'],
  ['response', 'GET / HTTP/1.1\r\n'],
  ['response', 'HTTP/1.1 20 OK\r\n'],
  ['response', 'HTTP/1.1 2000 OK\r\n'],
  ['response', '<html>\r\n'],
  ['request', 'GET / HTTP/1.1\r\nno colon\r\n'],
  ['request', 'GET / HTTP/1.1\r\n: no name\r\n'],
  ['request', 'GET / HTTP/1.1\r\nspace : x\r\n'],
  ['request', 'GET / HTTP/1.1\r\nA: x\r\n folded\r\n'],
  ['request', 'GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n'],
  ['request', 'GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n'],
  ['request', 'GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['request', 'GET / HTTP/1.1\r\nContent-Length:\r\n\r\n'],
  ['request', 'GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
  ['request', 'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
  ['request', 'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n'],
  ['request', 'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n123456789\r\n'],
  ['request', 'GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n'],
] as const)('is refused: %s %j', (kind, text) => {
  expect(one(kind, text).error).toBeInstanceOf(MalformedMessage);
});

test('a head may have 16 KiB, on one line or on many, and a body any number of chunks', () => {
  const line = (bytes: number) => `A: ${'x'.repeat(bytes)}\r\n`;
  const start = 'GET / HTTP/1.1\r\n';
  const room = 16_384 - start.length - 'A: \r\n\r\n'.length;
  expect(one('request', `${start}${line(room)}\r\n`).messages).toHaveLength(1);
  expect(one('request', `${start}${line(room + 1)}\r\n`).error?.message).toBe('more than 16384 bytes of head');
  expect(one('request', 'x'.repeat(16_385)).error).toBeInstanceOf(MalformedMessage);
  expect(one('request', `${start}${'A: b\r\n'.repeat(3_000)}`).error).toBeInstanceOf(MalformedMessage);
  const chunks = '1\r\nx\r\n'.repeat(10_000);
  const { messages } = one('request', `${start}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
  expect(messages[0]?.body).toHaveLength(10_000);
});
