import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecord, type TelemetryEvent } from '../../src/decoder';
import type { FirehoseRecord } from '../../transform/src/firehose-event';
import { MAX_RESPONSE_BYTES, transformBatch } from '../../transform/src/transform-batch';
import { event, ndjson } from '../decoder/lines';
import { assertProperty } from '../extension/property';
import { dataOf, firehoseRecord, NO_CHANGE, responseBytes } from './batch';

/** Of Lambda's own message: "Response payload size exceeded maximum allowed payload size (6291556 bytes)". */
const LAMBDA_LIMIT_BYTES = 6_291_556;

/** As Firehose sends them: what it says of each record beside the data is more than the response does. */
function requestBytes(records: readonly FirehoseRecord[]): number {
  const sent = records.map((record) => ({ ...record, approximateArrivalTimestamp: 1_763_715_600_000 }));
  return Buffer.byteLength(JSON.stringify({ invocationId: 'i', deliveryStreamArn: 'arn', region: 'r', records: sent }));
}

/** Records of 25,000 bytes, as the extension fills them, up to so many bytes of request. */
function requestOf(maxBytes: number, bytesOfLine = 250): FirehoseRecord[] {
  const records: FirehoseRecord[] = [];
  for (let seq = 1; requestBytes(records) < maxBytes - 40_000; ) {
    const lines: TelemetryEvent[] = [];
    for (let bytes = 0; bytes < 25_000 - bytesOfLine; bytes += bytesOfLine, seq += 1) {
      lines.push(
        event(seq, {
          message: randomBytes(bytesOfLine)
            .toString('hex')
            .slice(0, bytesOfLine - 110),
        }),
      );
    }
    records.push(firehoseRecord(ndjson(lines), `49543463076548007577105092703039560359975228518395${records.length}`));
  }
  return records;
}

const numbersOf = (records: readonly { data: string }[]) =>
  records.flatMap((record) => decodeRecord(dataOf(record), { mode: 'strict' }).lines.map(({ seq }) => seq));

describe('a request of 6 MB, the most that Lambda takes', () => {
  const records = requestOf(6 * 1_024 * 1_024);
  const settings = { ...NO_CHANGE, flatten: true, tags: { team: 'x'.repeat(400) } };
  const { answers, counts } = transformBatch({ records }, settings);

  test('is one: 6 MB of real records, which with tags would be far above it', () => {
    expect(requestBytes(records)).toBeGreaterThan(6_200_000);
    const unbounded = transformBatch({ records }, settings, Number.MAX_SAFE_INTEGER);
    expect(responseBytes(unbounded.answers)).toBeGreaterThan(2 * LAMBDA_LIMIT_BYTES);
  });

  test('has a response below what Lambda gives back', () => {
    expect(responseBytes(answers)).toBeLessThanOrEqual(MAX_RESPONSE_BYTES);
    expect(MAX_RESPONSE_BYTES).toBeLessThan(LAMBDA_LIMIT_BYTES);
  });

  test('loses nothing: every record is answered with all of its lines', () => {
    expect(answers.map(({ recordId, result }) => [recordId, result])).toEqual(
      records.map(({ recordId }) => [recordId, 'Ok']),
    );
    expect(numbersOf(answers)).toEqual(numbersOf(records));
  });

  test('says how many records went on as they were', () => {
    expect(counts.failed).toBe(0);
    expect(counts.untransformed).toBeGreaterThan(0);
    const asTheyWere = answers.filter(({ data }, index) => data === records[index]?.data);
    expect(asTheyWere).toHaveLength(counts.untransformed);
  });

  test('is filtered all the same: what shrinks makes room', () => {
    const filter = transformBatch({ records }, { ...settings, excludeTypes: ['function'] });
    expect(filter.counts).toMatchObject({ untransformed: 0, failed: 0, filtered: numbersOf(records).length });
    expect(responseBytes(filter.answers)).toBeLessThan(100_000);
  });
});

test('transforms every record of the default buffer of 1 MiB, with tags that more than double them', () => {
  const records = requestOf((1_024 * 1_024 * 4) / 3);
  const { answers, counts } = transformBatch({ records }, { ...NO_CHANGE, tags: { team: 'x'.repeat(300) } });
  expect(counts).toMatchObject({ untransformed: 0, failed: 0 });
  expect(responseBytes(answers)).toBeGreaterThan(2 * requestBytes(records));
});

test('makes room with records that shrink for records that grow', () => {
  const platform = ndjson(Array.from({ length: 60 }, (_, index) => event(index + 1, { type: 'platform.start' })));
  const grows = ndjson([event(61)]);
  const records = [firehoseRecord(platform), firehoseRecord(grows)];
  const settings = { ...NO_CHANGE, excludeTypes: ['platform'], tags: { team: 'x'.repeat(500) } };
  const { counts } = transformBatch(
    { records },
    settings,
    responseBytes(transformBatch({ records }, NO_CHANGE).answers) + 40,
  );
  expect(counts).toMatchObject({ kept: 1, filtered: 60, untransformed: 0 });
});

describe('gzip in an archive of text', () => {
  const text = ndjson(Array.from({ length: 60_000 }, (_, index) => event(index + 1, { message: 'the same again' })));

  test('fails the record that does not fit as text, which Firehose keeps as it came', () => {
    const large = firehoseRecord(gzipSync(text), 'large');
    const small = firehoseRecord(ndjson([event(1)]), 'small');
    expect(text.length * (4 / 3)).toBeGreaterThan(MAX_RESPONSE_BYTES);
    const { answers, counts } = transformBatch({ records: [large, small] }, NO_CHANGE);
    expect(answers.map(({ recordId, result }) => [recordId, result])).toEqual([
      ['large', 'ProcessingFailed'],
      ['small', 'Ok'],
    ]);
    expect(answers.map(({ data }) => data === large.data || data === small.data)).toEqual([true, true]);
    expect(counts).toMatchObject({ failed: 1, reasons: ['the text does not fit into the response'] });
  });

  test('is no trouble in an archive of gzip members', () => {
    const { answers, counts } = transformBatch(
      { records: [firehoseRecord(gzipSync(text))] },
      { ...NO_CHANGE, compress: true, flatten: true },
    );
    expect(counts).toMatchObject({ kept: 60_000, failed: 0, untransformed: 0 });
    expect(gunzipSync(dataOf(answers[0] as { data: string })).equals(text)).toBe(true); // toEqual takes a minute
  });
});

test('holds to the byte, whatever is left over', () => {
  const records = Array.from({ length: 5 }, (_, index) => firehoseRecord(ndjson([event(index + 1)]), `id-${index}`));
  const settings = { ...NO_CHANGE, tags: { team: 'x'.repeat(100) } };
  const least = responseBytes(records.map((record) => ({ ...record, result: 'ProcessingFailed' })));
  const most = responseBytes(transformBatch({ records }, settings).answers);
  expect(most).toBeGreaterThan(least);
  const untransformed = new Set<number>();
  for (let limit = least; limit <= most + 5; limit += 1) {
    const { answers, counts } = transformBatch({ records }, settings, limit);
    expect(responseBytes(answers)).toBeLessThanOrEqual(limit);
    untransformed.add(counts.untransformed);
  }
  expect([...untransformed].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});

test('holds for any batch and any limit from what the records took as they came', () => {
  const batch = fc.array(
    fc.record({
      lines: fc.integer({ min: 0, max: 20 }),
      characters: fc.integer({ min: 0, max: 400 }),
      gzip: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const room = fc.integer({ min: 0, max: 4_000 });
  assertProperty(
    fc.property(batch, room, fc.boolean(), fc.nat(200), (shapes, more, compress, tagCharacters) => {
      const records = shapes.map(({ lines, characters, gzip }, index) => {
        const text = ndjson(
          Array.from({ length: lines }, (_, seq) => event(seq + 1, { message: 'm'.repeat(characters) })),
        );
        return firehoseRecord(gzip ? gzipSync(text) : text, `id-${index}`);
      });
      // to the byte what is set aside for records as they came
      const limit = responseBytes(records.map((record) => ({ ...record, result: 'ProcessingFailed' }))) + more;
      const settings = { ...NO_CHANGE, compress, flatten: true, tags: { t: 't'.repeat(tagCharacters) } };
      const { answers, counts } = transformBatch({ records }, settings, limit);
      expect(responseBytes(answers)).toBeLessThanOrEqual(limit);
      for (const [index, { result, data }] of answers.entries()) {
        const lines = decodeRecord(dataOf({ data }), { mode: 'strict' }).lines.length;
        expect([result === 'Dropped', lines]).toEqual([shapes[index]?.lines === 0, shapes[index]?.lines]);
      }
      expect(counts.failed).toBe(answers.filter(({ result }) => result === 'ProcessingFailed').length);
    }),
    { numRuns: 200 },
  );
});
