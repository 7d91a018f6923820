import { deepStrictEqual } from 'node:assert';
import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitEvents } from '../../extension/src/event-splitter';
import type { Identity } from '../../extension/src/identity';
import { parsePlatformRecord } from '../../extension/src/platform-event';
import { type EncodedLine, RecordEncoder } from '../../extension/src/record-encoder';
import { jsonNumber, jsonObject, jsonString, jsonText } from './json-text';
import { assertProperty } from './property';

/** Design section 4; the marker of a truncated record stands behind it. */
const KEY_ORDER =
  'v time type account_id region function_name function_version instance_id seq request_id tags status error_type ' +
  'duration_ms billed_duration_ms init_duration_ms max_memory_used_mb memory_size_mb message record truncated original_bytes';
const KEYS = KEY_ORDER.split(' ');

const IDENTITY: Identity = {
  accountId: '123456789012',
  region: 'eu-west-1',
  functionName: 'orders',
  functionVersion: '$LATEST',
  instanceId: '018bcfe5-6800-7000-8000-000000000000',
};

interface Encoded {
  readonly line: Buffer;
  readonly result: EncodedLine;
}

interface Options {
  readonly identity?: Identity;
  readonly tags?: Record<string, string>;
  readonly maxLineBytes?: number;
  readonly requestId?: string;
  readonly platform?: string;
}

/** Encodes the one event of a body into a span with guards around it. */
function encode(eventText: string, options: Options = {}): Encoded {
  const { identity = IDENTITY, tags = {}, maxLineBytes = 1_048_576, requestId, platform } = options;
  const encoder = new RecordEncoder(identity, tags, maxLineBytes);
  const body = Buffer.from(`[${eventText}]`);
  const encoded: Encoded[] = [];
  splitEvents(body, (slice) => {
    const fields = platform === undefined ? undefined : parsePlatformRecord(platform);
    let target = Buffer.alloc(0);
    const result = encoder.encode({ body, slice, seq: 7, requestId, platform: fields }, (bytes) => {
      target = Buffer.alloc(bytes + 20, 0xff);
      return { target, at: 10 };
    });
    expect([...target.subarray(0, 10), ...target.subarray(-10)]).toEqual(new Array(20).fill(0xff));
    if (result !== undefined) encoded.push({ line: target.subarray(10, -10), result });
  });
  expect(encoded).toHaveLength(1);
  return encoded[0] as Encoded;
}

/** What holds for every line; returns it parsed. */
function readLine({ line, result }: Encoded): Record<string, unknown> {
  expect(result.bytes).toBe(line.length);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  expect(line.includes('\r')).toBe(false);
  expect(isUtf8(line)).toBe(true);
  const value = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
  const keys = Object.keys(value);
  expect(keys).toEqual(KEYS.filter((key) => keys.includes(key)));
  return value;
}

const trimmed = jsonText.map((text) => text.trim());
const flat = (json: string) => json.replace(/[\r\n]/g, ' ');

test('writes a function log with every key in the order of the schema', () => {
  const encoded = encode('{"time":"2026-01-01T00:00:00.000Z","type":"function","record":"hello"}', {
    requestId: '00000000-0000-4000-8000-000000000001',
    tags: { team: 'shop' },
  });
  expect(encoded.line.toString()).toBe(
    '{"v":1,"time":"2026-01-01T00:00:00.000Z","type":"function","account_id":"123456789012","region":"eu-west-1",' +
      '"function_name":"orders","function_version":"$LATEST","instance_id":"018bcfe5-6800-7000-8000-000000000000",' +
      '"seq":7,"request_id":"00000000-0000-4000-8000-000000000001","tags":{"team":"shop"},"message":"hello"}\n',
  );
});

test('writes the fields of a platform event beside its untouched record', () => {
  const record =
    '{"requestId":"r-1","status":"error","errorType":"Runtime.ExitError","metrics":{"durationMs":1.25,' +
    '"billedDurationMs":2,"initDurationMs":99.5,"maxMemoryUsedMB":64,"memorySizeMB":128}}';
  const event = `{"time":"t","type":"platform.report","record":${record}}`;
  const value = readLine(encode(event, { platform: record, requestId: 'r-1', tags: { a: 'b' } }));
  expect(value).toMatchObject({
    request_id: 'r-1',
    status: 'error',
    error_type: 'Runtime.ExitError',
    duration_ms: 1.25,
    billed_duration_ms: 2,
    init_duration_ms: 99.5,
    max_memory_used_mb: 64,
    memory_size_mb: 128,
    record: JSON.parse(record),
  });
});

test('leaves out what is unknown', () => {
  const value = readLine(encode('{"other":1}', { identity: { instanceId: 'i' } }));
  expect(value).toEqual({ v: 1, instance_id: 'i', seq: 7 });
});

test('keeps a string record as message, whatever it contains', () => {
  assertProperty(
    fc.property(jsonString, fc.option(jsonString, { nil: undefined }), (message, time) => {
      const event = `{${time === undefined ? '' : `"time":${time},`}"type":"function","record":${message}}`;
      const value = readLine(encode(event));
      expect(value.message).toBe(JSON.parse(message));
      expect(value).not.toHaveProperty('record');
      if (time !== undefined) expect(value.time).toBe(JSON.parse(time));
    }),
    { numRuns: 500 },
  );
});

test('keeps an object record byte for byte but for line breaks between its tokens', () => {
  assertProperty(
    fc.property(jsonObject, (record) => {
      const encoded = encode(`{"record":\n${record}\n,"type":"function"}`);
      const value = readLine(encoded);
      deepStrictEqual(value.record, JSON.parse(record));
      expect(encoded.line.toString()).toContain(`,"record":${flat(record)}}\n`);
      expect(value).not.toHaveProperty('message');
    }),
    { numRuns: 500 },
  );
});

test('keeps a bare array or scalar under "value", byte for byte', () => {
  assertProperty(
    fc.property(fc.oneof(trimmed, jsonNumber), (record) => {
      fc.pre(!record.startsWith('{') && !record.startsWith('"'));
      const encoded = encode(`{"type":"function","record":${record}}`);
      const value = readLine(encoded);
      deepStrictEqual(value.record, { value: JSON.parse(record) });
      expect(encoded.line.toString()).toContain(`,"record":{"value":${flat(record)}}}\n`);
    }),
    { numRuns: 500 },
  );
});

test.each(['{"b":1e400,"a":12345678901234567890,"2":-0,"1":1.0}', '[1e400,12345678901234567890,0.10]', '1e400'])(
  'copies %s as it came',
  (record) => {
    expect(encode(`{"record":${record}}`).line.toString()).toContain(record);
  },
);

test('cuts a line that is too long inside its record and says so', () => {
  const record = fc
    .oneof(jsonString, trimmed)
    .chain((text) =>
      fc
        .nat({ max: 60 })
        .map((times) =>
          text.startsWith('"') ? `"${text.slice(1, -1).repeat(times)}"` : `[${Array(times + 1).fill(text)}]`,
        ),
    );
  assertProperty(
    fc.property(record, fc.integer({ min: 300, max: 900 }), fc.boolean(), (text, maxLineBytes, hasTime) => {
      const event = `{${hasTime ? '"time":"2026-01-01T00:00:00.000Z",' : ''}"type":"function","record":${text}}`;
      const whole = encode(event);
      const cut = encode(event, { maxLineBytes });
      const value = readLine(cut);
      expect(cut.line.length).toBeLessThanOrEqual(maxLineBytes);
      expect(cut.result.truncated).toBe(whole.line.length > maxLineBytes);
      if (!cut.result.truncated) {
        expect(cut.line).toEqual(whole.line);
        return;
      }
      expect(value).toMatchObject({ truncated: true, original_bytes: Buffer.byteLength(text) });
      expect(value).not.toHaveProperty('record');
      const original: string = text.startsWith('"') ? JSON.parse(text) : text;
      expect(original.startsWith(value.message as string)).toBe(true);
      expect(cut.line.length).toBeGreaterThan(maxLineBytes - 12);
    }),
    { numRuns: 800 },
  );
});

test('marks nothing as cut in an event that has no record', () => {
  const { line, result } = encode(`{"type":"${'x'.repeat(500)}"}`, { maxLineBytes: 300 });
  expect(result.truncated).toBe(false);
  expect(JSON.parse(line.toString())).not.toHaveProperty('truncated');
});

test('writes nothing where no room is reserved', () => {
  const encoder = new RecordEncoder(IDENTITY, {}, 1_000);
  const body = Buffer.from('[{"record":"x"}]');
  const results: unknown[] = [];
  splitEvents(body, (slice) => results.push(encoder.encode({ body, slice, seq: 1 }, () => undefined)));
  expect(results).toEqual([undefined]);
});
