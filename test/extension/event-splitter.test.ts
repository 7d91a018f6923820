import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitEvents } from '../../extension/src/event-splitter';
import { jsonArray, jsonNumber, jsonString, jsonText, spaced, whitespace } from './json-text';
import { assertProperty } from './property';

interface Parts {
  readonly time?: string;
  readonly type?: string;
  readonly record?: string;
  readonly requestId?: string;
}

/** The parts of each event as texts, strings with their quotes. */
function split(body: Buffer): { parts: Parts[]; malformed: number; events: number } {
  const parts: Parts[] = [];
  const text = (start: number, end: number) => (start < 0 ? undefined : body.toString('utf8', start, end));
  const result = splitEvents(body, (slice) => {
    parts.push({
      time: text(slice.timeStart, slice.timeEnd),
      type: text(slice.typeStart, slice.typeEnd),
      record: text(slice.recordStart, slice.recordEnd),
      requestId: text(slice.requestIdStart, slice.requestIdEnd),
    });
  });
  return { parts, ...result };
}

const trimmed = jsonText.map((text) => text.trim());
const recordWithRequestId = fc
  .tuple(jsonString, trimmed)
  .map(([id, other]) => ({ record: `{"x":${other},"requestId":${id}}`, requestId: id }));

/** As Lambda writes the lines of a function, and nearly so: read by a way of its own. */
const usualEvent = fc
  .tuple(
    fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00Z', 'a quote in \\"24\\" bytes!!'),
    fc.constantFrom('function', 'extension'),
    fc.oneof(
      trimmed.filter((text) => !text.includes('requestId')).map((record) => ({ record, requestId: undefined })),
      recordWithRequestId,
    ),
    fc.constantFrom('', ' ', ',"record":"last"', ',"type":"function"'),
  )
  .map(([time, type, { record, requestId }, behind]) => {
    const isLast = behind.includes('record');
    return {
      text: `{"time":"${time}","type":"${type}","record":${record}${behind}}`,
      parts: {
        time: `"${time}"`,
        type: behind.includes('type') ? '"function"' : `"${type}"`,
        record: isLast ? '"last"' : record,
        requestId: isLast ? undefined : requestId,
      } satisfies Parts,
    };
  });

const anyEvent = fc
  .record(
    {
      time: fc.oneof(jsonString, jsonNumber, fc.constant('null')),
      type: fc.oneof({ weight: 4, arbitrary: jsonString }, { weight: 1, arbitrary: fc.constantFrom('{}', '7') }),
      record: fc.oneof(
        trimmed.filter((text) => !text.includes('requestId')).map((record) => ({ record, requestId: undefined })),
        recordWithRequestId,
      ),
      other: trimmed,
    },
    { requiredKeys: [] },
  )
  .chain(({ time, type, record, other }) => {
    const members: [string, string][] = [];
    if (time !== undefined) members.push(['time', time]);
    if (type !== undefined) members.push(['type', type]);
    if (record !== undefined) members.push(['record', record.record]);
    if (other !== undefined) members.push(['other', other]);
    const ordered = fc.shuffledSubarray(members, { minLength: members.length });
    return fc.tuple(ordered, whitespace).map(([shuffled, space]) => ({
      text: `{${shuffled.map(([key, value]) => `${space}"${key}"${space}:${space}${value}${space}`).join(',')}}`,
      parts: {
        time: time?.startsWith('"') ? time : undefined,
        type: type?.startsWith('"') ? type : undefined,
        record: record?.record,
        requestId: record?.requestId,
      } satisfies Parts,
    }));
  });

const event = fc.oneof(anyEvent, usualEvent);

/** Elements that are no events, with brackets that match. */
const malformed = fc.oneof(
  fc.oneof(jsonString, jsonNumber, jsonArray, fc.constantFrom('true', 'null')),
  fc.constantFrom(
    'nope',
    '{a:1}',
    '{"a":1,}',
    '{"a"}',
    '{"a":01}',
    '{"a":tru,"b":[1,]}',
    '{"x":[{"y":[1 2]}]}',
    '',
    '{"a" 1}',
  ),
  fc.constantFrom('{"a":"\\x41, ]"}', '{"a":"\u0001, {"}', '{"a":"line\nbreak,"}', '{"a":"\\u12","b":"]"}'),
);

test('yields every event once, intact and in order, whatever white space stands between the tokens', () => {
  assertProperty(
    fc.property(fc.array(event, { maxLength: 8 }), spaced(fc.constant('')), (events, space) => {
      const body = Buffer.from(`${space}[${space}${events.map(({ text }) => text).join(`${space},${space}`)}${space}]`);
      const result = split(body);
      expect(result.parts).toEqual(events.map(({ parts }) => parts));
      expect(result).toMatchObject({ events: events.length, malformed: 0 });
    }),
    { numRuns: 400 },
  );
});

test('reads what Lambda usually writes as it reads everything else', () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0x09, max: 0x7e }));
  assertProperty(
    fc.property(usualEvent, fc.array(change, { maxLength: 2 }), ({ text }, changes) => {
      const bytes = Buffer.from(text);
      // Not the first byte: white space behind it is what keeps the other way from being taken.
      for (const [at, byte] of changes) bytes[1 + (at % (bytes.length - 1))] = byte;
      const altered = bytes.toString();
      const usual = split(Buffer.from(`[${altered}]`));
      expect(usual).toEqual(split(Buffer.from(`[{ ${altered.slice(1)}]`)));
    }),
    { numRuns: 1_000 },
  );
});

test('counts malformed elements and yields their neighbours', () => {
  const element = fc.oneof(
    event,
    malformed.map((text) => ({ text, parts: undefined })),
  );
  assertProperty(
    fc.property(fc.array(element, { minLength: 2, maxLength: 8 }), (elements) => {
      const result = split(Buffer.from(`[${elements.map(({ text }) => text).join(',')}]`));
      const valid = elements.flatMap(({ parts }) => (parts === undefined ? [] : [parts]));
      expect(result.parts).toEqual(valid);
      expect(result).toMatchObject({ events: valid.length, malformed: elements.length - valid.length });
    }),
    { numRuns: 600 },
  );
});

test('yields the events before the place where a body is cut off, and counts the rest once', () => {
  assertProperty(
    fc.property(fc.array(event, { minLength: 1, maxLength: 6 }), fc.nat(), (events, place) => {
      const whole = Buffer.from(`[${events.map(({ text }) => text).join(',')}]`);
      const cut = place % whole.length;
      let end = 1;
      const complete = events.filter(({ text }) => {
        end += Buffer.byteLength(text) + 1;
        return end - 1 <= cut;
      });
      const result = split(whole.subarray(0, cut));
      expect(result.parts).toEqual(complete.map(({ parts }) => parts));
      expect(result.malformed).toBe(cut === 0 ? 0 : 1);
    }),
    { numRuns: 400 },
  );
});

test('never throws, and never yields a part that is not valid JSON', () => {
  const structural = fc.string({ unit: fc.constantFrom(...'[]{}",:\\ 1n', '"record":', '"time":', '{"type":"x"}') });
  const altered = fc
    .tuple(
      fc.array(event, { maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0x20, max: 0x7e })), { maxLength: 4 }),
    )
    .map(([events, changes]) => {
      const bytes = Buffer.from(`[${events.map(({ text }) => text).join(',')}]`);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    });
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    structural.map((text) => Buffer.from(`[${text}`)),
    altered.filter((bytes) => Buffer.from(bytes.toString('utf8')).equals(bytes)),
  );
  assertProperty(
    fc.property(anyBytes, (body) => {
      for (const { time, type, record, requestId } of split(body).parts) {
        for (const part of [time, type, requestId]) if (part !== undefined) expect(part).toMatch(/^".*"$/s);
        if (record !== undefined) expect(() => JSON.parse(record)).not.toThrow();
      }
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ['an empty body', '', 0],
  ['white space', ' \n', 0],
  ['an empty array', ' [ ] ', 0],
  ['an object in place of the array', '{"time":"t"}', 1],
  ['text', 'hello', 1],
  ['an opening bracket alone', '[', 1],
])('finds no event in %s', (_name, body, expected) => {
  expect(split(Buffer.from(body))).toEqual({ parts: [], events: 0, malformed: expected });
});

test('takes the last of members with the same key', () => {
  const body = '[{"time":"a","time":"b","record":{"requestId":"r"},"record":"text"}]';
  expect(split(Buffer.from(body)).parts).toEqual([
    { time: '"b"', type: undefined, record: '"text"', requestId: undefined },
  ]);
});
