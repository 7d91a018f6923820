import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitEvents } from '../../extension/src/event-splitter';
import { parsePlatformRecord } from '../../extension/src/platform-event';
import { RecordEncoder } from '../../extension/src/record-encoder';
import { decodeRecord, TelemetryDecodeError } from '../../src/decoder';
import { assertProperty } from '../extension/property';
import { anyEvent, event, ndjson, stats } from './lines';

const [one, two, three] = [event(1), event(2, { message: 'Grüße\n東京 🚀' }), event(3, { record: { a: [1] } })];

function codes(data: Uint8Array): (string | number)[][] {
  return decodeRecord(data).problems.map(({ code, offset }) => [code, offset]);
}

describe('the formats', () => {
  test.each([
    ['NDJSON', ndjson([one, two, three])],
    ['JSON, without the last line feed', Buffer.from(JSON.stringify(one))],
    ['NDJSON_GZIP', gzipSync(ndjson([one, two, three]))],
    ['several gzip members', Buffer.concat([one, two, three].map((line) => gzipSync(ndjson([line]))))],
    ['gzip behind plain text', Buffer.concat([ndjson([one]), gzipSync(ndjson([two, three]))])],
    ['plain text behind gzip', Buffer.concat([gzipSync(ndjson([one, two])), ndjson([three])])],
  ])('reads %s', (name, data) => {
    const expected = name.startsWith('JSON') ? [one] : [one, two, three];
    expect(decodeRecord(data)).toEqual({ lines: expected, problems: [] });
  });

  test('reads nothing out of nothing, and takes no offence at empty lines', () => {
    expect(decodeRecord(new Uint8Array())).toEqual({ lines: [], problems: [] });
    expect(decodeRecord(Buffer.from(`\n\r\n${JSON.stringify(one)}\r\n \n`))).toEqual({ lines: [one], problems: [] });
  });

  test('reads a view into a larger buffer', () => {
    const whole = new Uint8Array(Buffer.concat([Buffer.from('xx'), ndjson([one]), Buffer.from('yy')]));
    expect(decodeRecord(whole.subarray(2, -2)).lines).toEqual([one]);
  });

  test('reads a gzip header with every optional field', () => {
    const member = gzipSync(ndjson([one]));
    const fields = [Buffer.from([2, 0, 9, 9]), Buffer.from('name\0'), Buffer.from('comment\0')];
    const header = Buffer.from(member.subarray(0, 10));
    header[3] = 4 | 8 | 16;
    expect(decodeRecord(Buffer.concat([header, ...fields, member.subarray(10)])).lines).toEqual([one]);
  });

  test('reads the ledger', () => {
    const ledger = stats({ received: 3, delivered: 3, final: true });
    expect(decodeRecord(ndjson([ledger])).lines).toEqual([ledger]);
  });
});

describe('what cannot be read', () => {
  const good = JSON.stringify(one);

  test.each([
    ['no JSON', '{"v":1,', 'NOT_JSON'],
    ['an array', '[1]', 'NOT_JSON'],
    ['null', 'null', 'NOT_JSON'],
    ['no version', '{"instance_id":"i","seq":1}', 'NOT_TELEMETRY'],
    ['no instance', '{"v":1,"seq":1}', 'NOT_TELEMETRY'],
    ['no number', '{"v":1,"instance_id":"i"}', 'NOT_TELEMETRY'],
    ['the number 0', '{"v":1,"instance_id":"i","seq":0}', 'NOT_TELEMETRY'],
    ['a ledger without counters', '{"v":1,"instance_id":"i","type":"extension.stats"}', 'NOT_TELEMETRY'],
    ['a filtered run without an end', '{"v":1,"instance_id":"i","type":"transform.filtered","seq":2}', 'NOT_TELEMETRY'],
    [
      'a filtered run that ends before it begins',
      '{"v":1,"instance_id":"i","type":"transform.filtered","seq":2,"through_seq":1}',
      'NOT_TELEMETRY',
    ],
    ['a later version', '{"v":2,"instance_id":"i","seq":1}', 'UNKNOWN_VERSION'],
  ])('is reported with its offset and hides nothing: %s', (_, bad, code) => {
    const before = Buffer.byteLength(good) + 1;
    const { lines, problems } = decodeRecord(Buffer.from(`${good}\n${bad}\n${good}\n`));
    expect(lines).toEqual([one, one]);
    expect(problems).toEqual([
      { code, reason: expect.any(String), offset: before, bytes: Buffer.byteLength(bad), excerpt: bad },
    ]);
  });

  test('counts bytes, not characters, and shows the beginning only', () => {
    const bad = `${'ü'.repeat(300)}`;
    const [problem] = decodeRecord(Buffer.from(`${JSON.stringify(two)}\n${bad}`)).problems;
    expect(problem).toMatchObject({ offset: Buffer.byteLength(JSON.stringify(two)) + 1, bytes: 600 });
    expect(problem?.excerpt).toHaveLength(200);
  });

  test('is a line that is not UTF-8', () => {
    expect(codes(Buffer.concat([ndjson([one]), Buffer.from([0x22, 0xff, 0x22, 0x0a])]))).toEqual([
      ['NOT_JSON', ndjson([one]).length],
    ]);
  });

  test('is a damaged gzip member, which does not hide its neighbours', () => {
    const members = [one, two, three].map((line) => gzipSync(ndjson([line])));
    const damaged = Buffer.from(members[1] as Buffer);
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] as number) ^ 0xff; // its checksum
    const [first, , last] = members as [Buffer, Buffer, Buffer];
    const { lines, problems } = decodeRecord(Buffer.concat([first, damaged, last]));
    expect(lines).toEqual([one, three]);
    expect(problems).toMatchObject([{ code: 'BAD_GZIP', offset: first.length, bytes: damaged.length }]);
  });

  test('is a cut gzip member', () => {
    const member = gzipSync(ndjson([one]));
    expect(codes(member.subarray(0, -3))).toEqual([['BAD_GZIP', 0]]);
    expect(codes(member.subarray(0, 5))).toEqual([['BAD_GZIP', 0]]);
  });

  test('is more text than allowed: the bomb is not inflated', () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, 0x20));
    const { lines, problems } = decodeRecord(Buffer.concat([gzipSync(ndjson([one])), bomb]), { maxBytes: 100_000 });
    expect(lines).toEqual([one]);
    expect(problems).toMatchObject([{ code: 'TOO_LARGE' }]);
    expect(decodeRecord(Buffer.alloc(11, 0x20), { maxBytes: 10 }).problems).toMatchObject([{ code: 'TOO_LARGE' }]);
  });

  test('is thrown in strict mode, with everything that could be read', () => {
    const data = Buffer.concat([ndjson([one]), Buffer.from('bad\nworse\n'), ndjson([two])]);
    const act = () => decodeRecord(data, { mode: 'strict' });
    expect(act).toThrow(TelemetryDecodeError);
    expect(act).toThrow(/^NOT_JSON at byte \d+: .* \(and 1 more\)$/);
    try {
      act();
    } catch (error) {
      expect(error).toMatchObject({ code: 'NOT_JSON', lines: [one, two], problems: [{}, {}] });
    }
    expect(decodeRecord(ndjson([one]), { mode: 'strict' }).lines).toEqual([one]);
  });
});

describe('for every batch of events', () => {
  const layouts = {
    ndjson: (lines: readonly object[]) => ndjson(lines),
    gzip: (lines: readonly object[]) => gzipSync(ndjson(lines)),
    members: (lines: readonly object[]) => Buffer.concat(lines.map((line) => gzipSync(ndjson([line])))),
    mixed: (lines: readonly object[]) =>
      Buffer.concat(lines.map((line, index) => (index % 2 === 0 ? ndjson([line]) : gzipSync(ndjson([line]))))),
  };

  test.each(Object.entries(layouts))('what was written is read: %s', (_, layout) => {
    assertProperty(
      fc.property(fc.array(anyEvent, { maxLength: 20 }), (lines) => {
        expect(decodeRecord(layout(lines))).toEqual({ lines, problems: [] });
      }),
    );
  });

  test('bytes of any kind are neither thrown at nor taken for telemetry', () => {
    assertProperty(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, asGzip) => {
        const data = asGzip ? Buffer.concat([Buffer.from([0x1f, 0x8b, 0x08]), bytes]) : bytes;
        expect(decodeRecord(data).lines).toEqual([]);
      }),
    );
  });

  test('one flipped byte of NDJSON costs at most the two lines it touches', () => {
    assertProperty(
      fc.property(fc.array(anyEvent, { minLength: 3, maxLength: 10 }), fc.nat(), fc.nat(255), (lines, at, byte) => {
        const data = ndjson(lines);
        data[at % data.length] = byte;
        expect(decodeRecord(data).lines.length).toBeGreaterThanOrEqual(lines.length - 2);
      }),
    );
  });
});

describe("the round trip through the extension's encoder", () => {
  const identity = { accountId: '123456789012', region: 'eu-west-1', functionName: 'orders', instanceId: 'i' };

  function encoded(events: readonly object[]): Buffer {
    const encoder = new RecordEncoder(identity, { team: 'shop' }, 1_048_576);
    const body = Buffer.from(JSON.stringify(events));
    const lines: Buffer[] = [];
    splitEvents(body, (slice) => {
      const isPlatform = body.toString('utf8', slice.typeStart + 1, slice.typeEnd - 1).startsWith('platform.');
      const platform = isPlatform
        ? parsePlatformRecord(body.toString('utf8', slice.recordStart, slice.recordEnd))
        : undefined;
      const seq = lines.length + 1;
      encoder.encode({ body, slice, seq, platform }, (bytes) => {
        lines.push(Buffer.alloc(bytes));
        return { target: lines.at(-1) as Buffer, at: 0 };
      });
    });
    return Buffer.concat(lines);
  }

  const time = '2026-11-21T10:00:00.000Z';
  const anyLog = fc.oneof(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue());

  test('gives back what Lambda sent, numbered and with its identity', () => {
    assertProperty(
      fc.property(fc.array(anyLog, { minLength: 1, maxLength: 20 }), fc.boolean(), (logs, compressed) => {
        const events = logs.map((record) => ({ time, type: 'function', record }));
        const data = encoded(events);
        const { lines, problems } = decodeRecord(compressed ? gzipSync(data) : data);
        expect(problems).toEqual([]);
        expect(lines).toHaveLength(events.length);
        lines.forEach((line, index) => {
          expect(line).toMatchObject({ seq: index + 1, time, function_name: 'orders', tags: { team: 'shop' } });
          const content = JSON.parse(JSON.stringify(logs[index]));
          if (typeof content === 'string') expect(line).toMatchObject({ message: content });
          else if (typeof content !== 'object' || content === null || Array.isArray(content)) {
            expect(line).toMatchObject({ record: { value: content } });
          } else expect(line).toHaveProperty('record', content);
        });
      }),
    );
  });

  test('gives the figures of a report under typed keys', () => {
    const metrics = {
      durationMs: 12.5,
      billedDurationMs: 13,
      memorySizeMB: 128,
      maxMemoryUsedMB: 70,
      initDurationMs: 99,
    };
    const record = { requestId: 'r', status: 'success', metrics };
    expect(decodeRecord(encoded([{ time, type: 'platform.report', record }])).lines).toMatchObject([
      {
        status: 'success',
        duration_ms: 12.5,
        billed_duration_ms: 13,
        init_duration_ms: 99,
        memory_size_mb: 128,
        record,
      },
    ]);
  });
});
