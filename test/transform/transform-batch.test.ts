import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecord, type TelemetryEvent, type TelemetryLine } from '../../src/decoder';
import { lineFilter } from '../../transform/src/line-filter';
import type { TransformSettings } from '../../transform/src/settings';
import { transformBatch } from '../../transform/src/transform-batch';
import { anyEvent, event, ndjson, stats } from '../decoder/lines';
import { assertProperty } from '../extension/property';
import { dataOf, firehoseRecord, gzipMembers, NO_CHANGE, transformed } from './batch';

const one = (data: Buffer | string, settings: Partial<TransformSettings> = {}) => {
  const { answers, counts } = transformBatch({ records: [firehoseRecord(data)] }, { ...NO_CHANGE, ...settings });
  if (answers.length !== 1 || !answers[0]) throw new Error(`${answers.length} answers for one record`);
  return { answer: answers[0], counts };
};

describe('answers', () => {
  test('are one for each record, in order, under its id', () => {
    const records = ['a', 'b', 'c'].map((id, index) => firehoseRecord(ndjson([event(index + 1)]), id));
    const { answers, counts } = transformBatch({ records }, NO_CHANGE);
    expect(answers).toEqual(records.map(({ recordId, data }) => ({ recordId, result: 'Ok', data })));
    expect(counts).toMatchObject({ records: 3, kept: 3, filtered: 0, foreign: 0, untransformed: 0, failed: 0 });
  });

  test('are lines that each end, the last too, without blank ones', () => {
    const { answer } = one(`{"a":1}\n\n \t\r\n{"b":2}`);
    expect(dataOf(answer).toString()).toBe('{"a":1}\n{"b":2}\n');
  });

  test.each([
    ['empty', ''],
    ['of blank lines', '\n \n'],
  ])('are Dropped for a record that is %s', (_, data) => {
    expect(one(data).answer).toEqual({ recordId: 'id', result: 'Dropped', data: '' });
  });

  test('fail alone where the data is not base64, and give it back', () => {
    const records = [{ recordId: 'bad', data: '*not base64*' }, firehoseRecord(ndjson([event(1)]), 'good')];
    const { answers, counts } = transformBatch({ records }, NO_CHANGE);
    expect(answers[0]).toEqual({ recordId: 'bad', result: 'ProcessingFailed', data: '*not base64*' });
    expect(answers[1]).toMatchObject({ recordId: 'good', result: 'Ok' });
    expect(counts).toMatchObject({ failed: 1, reasons: ['the data is not base64'] });
  });
});

describe('lines that are no telemetry', () => {
  const FOREIGN = ['{"v":1,"seq":', 'plain text', '[1,2]', '{"somebody":"else"}', '{"v":2,"instance_id":"i","seq":1}'];

  test.each(FOREIGN)('stay as they are between their neighbours, and are counted: %s', (line) => {
    const data = Buffer.concat([ndjson([event(1)]), Buffer.from(`${line}\n`), ndjson([event(2)])]);
    const { answer, counts } = one(data, { tags: { a: 'b' }, flatten: true });
    const lines = dataOf(answer).toString().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toBe(line);
    expect([lines[0], lines[2]].map((text) => JSON.parse(`${text}`).tags)).toEqual([{ a: 'b' }, { a: 'b' }]);
    expect(counts).toMatchObject({ kept: 2, foreign: 1 });
  });

  test('stay byte for byte where they are not UTF-8', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x0a]);
    expect(dataOf(one(bytes).answer)).toEqual(bytes);
  });
});

describe('filtered events', () => {
  const settings = { excludeTypes: ['platform'] };
  const platform = (seq: number, more: Partial<TelemetryEvent> = {}) => event(seq, { type: 'platform.start', ...more });

  test('leave one line a run, with the numbers that were theirs', () => {
    const lines = [platform(1), platform(2), event(3), platform(4), stats({ received: 4 })];
    expect(transformed(ndjson(lines), settings)).toEqual([
      { v: 1, time: lines[0]?.time, type: 'transform.filtered', instance_id: 'i', seq: 1, through_seq: 2 },
      lines[2],
      { v: 1, time: lines[3]?.time, type: 'transform.filtered', instance_id: 'i', seq: 4, through_seq: 4 },
      lines[4],
    ]);
  });

  test('are told apart by instance, and where a number is missing between them', () => {
    const lines = [platform(1), platform(3), platform(4, { instance_id: 'j', function_name: 'f' })];
    expect(transformed(ndjson(lines), settings)).toMatchObject([
      { instance_id: 'i', seq: 1, through_seq: 1 },
      { instance_id: 'i', seq: 3, through_seq: 3 },
      { instance_id: 'j', function_name: 'f', seq: 4, through_seq: 4 },
    ]);
  });

  test('are counted', () => {
    expect(one(ndjson([platform(1), platform(2), event(3)]), settings).counts).toMatchObject({ kept: 1, filtered: 2 });
  });
});

describe('gzip', () => {
  const lines = [event(1), event(2, { message: 'ä'.repeat(500) })];

  test('is read in any number of members, and mixed with text', () => {
    const [first, second] = lines.map((line) => ndjson([line]));
    const data = Buffer.concat([gzipSync(first as Buffer), second as Buffer, gzipSync(ndjson([event(3)]))]);
    expect(transformed(data, {})).toEqual([...lines, event(3)]);
  });

  test('becomes text for an archive of text, which Firehose compresses itself', () => {
    expect(dataOf(one(gzipSync(ndjson(lines))).answer)).toEqual(ndjson(lines));
  });

  test.each([
    ['gzip', gzipSync(ndjson(lines))],
    ['text', ndjson(lines)],
  ])('is what %s becomes for an archive of gzip members', (_, data) => {
    expect(gunzipSync(dataOf(one(data, { compress: true }).answer))).toEqual(ndjson(lines));
  });

  test('that is damaged fails the record and keeps it as it came: in an object it would hide what follows', () => {
    const damaged = gzipSync(ndjson(lines)).subarray(0, -12);
    const records = [firehoseRecord(damaged, 'bad'), firehoseRecord(gzipSync(ndjson(lines)), 'good')];
    const { answers, counts } = transformBatch({ records }, { ...NO_CHANGE, compress: true });
    expect(answers.map(({ result }) => result)).toEqual(['ProcessingFailed', 'Ok']);
    expect(answers[0]?.data).toBe(damaged.toString('base64'));
    expect(counts.reasons).toEqual([expect.stringContaining('gzip member cannot be read')]);
  });

  test('that holds more text than any record of the extension fails the record', () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1_024 * 1_024, '\n'));
    expect(one(bomb, { compress: true })).toMatchObject({
      answer: { result: 'ProcessingFailed' },
      counts: { failed: 1, reasons: ['more than 67108864 bytes of text'] },
    });
    const lineBomb = gzipSync(Buffer.from('{}\n'.repeat(100_001)));
    expect(one(lineBomb, { compress: true }).counts.reasons).toEqual(['more than 100000 lines']);
  });
});

describe('any lines', () => {
  const anySettings: fc.Arbitrary<TransformSettings> = fc.record({
    includeTypes: fc.option(fc.subarray(['function', 'platform.report', 'extension']), { nil: undefined }),
    excludeTypes: fc.option(fc.subarray(['function', 'platform']), { nil: undefined }),
    minimumLevel: fc.constantFrom(undefined, 'INFO' as const, 'ERROR' as const),
    flatten: fc.boolean(),
    tags: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
    compress: fc.boolean(),
  });
  const anyLine: fc.Arbitrary<TelemetryLine | string> = fc.oneof(
    { weight: 6, arbitrary: anyEvent },
    {
      weight: 3,
      arbitrary: fc
        .tuple(anyEvent, fc.constantFrom('platform.report', 'extension', 'platform.start'))
        .map(([line, type]) => ({ ...line, type })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(anyEvent, fc.constantFrom('DEBUG', 'INFO', 'error')).map(([{ seq, instance_id }, level]) => ({
        ...event(seq),
        instance_id,
        message: undefined,
        record: { level },
      })),
    },
    { weight: 1, arbitrary: fc.constant(stats()) },
    { weight: 1, arbitrary: fc.constantFrom('{"v":1,', 'words', '{"no":"telemetry"}') },
  );

  /** What the transform adds taken off again. */
  function withoutAdditions({ tags: _, ...line }: Record<string, unknown>): unknown {
    const { level: __, attributes: ___, ...rest } = line;
    return rest;
  }

  test('come out less the filtered ones, whose numbers are told, under any split and in any gzip members', () => {
    const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
    const records = fc.array(fc.record({ lines: fc.array(anyLine, { maxLength: 12 }), gzip: fc.boolean(), cuts }), {
      maxLength: 6,
    });
    assertProperty(
      fc.property(records, anySettings, (batch, settings) => {
        const given = batch.map(({ lines, gzip, cuts: at }, index) => {
          const text = Buffer.from(lines.map((l) => `${typeof l === 'string' ? l : JSON.stringify(l)}\n`).join(''));
          return firehoseRecord(gzip ? gzipMembers(text, at) : text, `record-${index}`);
        });
        const { answers, counts } = transformBatch({ records: given }, settings);
        expect(answers.map(({ recordId }) => recordId)).toEqual(given.map(({ recordId }) => recordId));

        const stays = lineFilter(settings);
        let filtered = 0;
        for (const [index, answer] of answers.entries()) {
          const before = batch[index]?.lines ?? [];
          expect(answer.result).toBe(before.length === 0 ? 'Dropped' : 'Ok');
          const text = before.length > 0 && settings.compress ? gunzipSync(dataOf(answer)) : dataOf(answer);
          const after = decodeRecord(text);
          const isMarker = ({ type }: TelemetryLine) => type === 'transform.filtered';

          const telemetry = before.filter((line): line is TelemetryLine => typeof line !== 'string');
          const kept = telemetry.filter(stays).map((line) => withoutAdditions(JSON.parse(JSON.stringify(line))));
          expect(after.lines.filter((line) => !isMarker(line)).map((line) => withoutAdditions({ ...line }))).toEqual(
            kept,
          );
          expect(after.problems.map(({ excerpt }) => excerpt)).toEqual(
            before.filter((line) => typeof line === 'string'),
          );

          const gone = telemetry.filter((line) => !stays(line)).map(({ instance_id, seq }) => `${instance_id} ${seq}`);
          const told = after.lines.filter(isMarker).flatMap(({ instance_id, seq = 0, ...rest }) => {
            const through = (rest as unknown as { through_seq: number }).through_seq;
            return Array.from({ length: through - seq + 1 }, (_, offset) => `${instance_id} ${seq + offset}`);
          });
          expect(told).toEqual(gone);
          filtered += gone.length;
        }
        expect(counts).toMatchObject({ records: given.length, filtered, failed: 0, untransformed: 0 });
      }),
      { numRuns: 150 },
    );
  });

  test('never throws, whatever the bytes are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 100 }).map((tail) => Buffer.concat([Buffer.from([0x1f, 0x8b, 0x08]), tail])),
      fc.tuple(anyEvent, fc.uint8Array({ maxLength: 20 })).map(([line, tail]) => Buffer.concat([ndjson([line]), tail])),
    );
    assertProperty(
      fc.property(bytes, anySettings, (data, settings) => {
        const record = firehoseRecord(Buffer.from(data));
        const [answer] = transformBatch({ records: [record] }, settings).answers;
        expect(answer?.recordId).toBe('id');
        if (answer?.result === 'ProcessingFailed') expect(answer.data).toBe(record.data);
      }),
    );
  });
});
