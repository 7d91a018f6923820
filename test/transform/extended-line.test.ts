import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TelemetryLine } from '../../src/decoder';
import { extendedLine } from '../../transform/src/extended-line';
import type { TransformSettings } from '../../transform/src/settings';
import { anyEvent, event, stats } from '../decoder/lines';
import { assertProperty } from '../extension/property';
import { NO_CHANGE } from './batch';

function extended(json: string, settings: Partial<TransformSettings>): string {
  return extendedLine(Buffer.from(json), JSON.parse(json), { ...NO_CHANGE, ...settings }).toString();
}

const START = '{"v":1,"instance_id":"i","seq":1';

describe('tags', () => {
  const tags = { team: 'shop', 'a"b': '\\' };
  const printed = '"team":"shop","a\\"b":"\\\\"';

  test.each([
    ['are added where there are none', `${START}}`, `${START},"tags":{${printed}}}`],
    ['join those that are there', `${START},"tags":{"x":"1"},"z":2}`, `${START},"tags":{"x":"1",${printed}},"z":2}`],
    ['fill an empty object', `${START},"tags":{ }}`, `${START},"tags":{ ${printed}}}`],
    [
      'leave a tag of the same name',
      `${START},"tags":{"team":"own"}}`,
      `${START},"tags":{"team":"own","a\\"b":"\\\\"}}`,
    ],
    ['leave alone what is no object', `${START},"tags":"mine"}`, `${START},"tags":"mine"}`],
  ])('%s', (_, json, expected) => {
    expect(extended(json, { tags })).toBe(expected);
    expect(() => JSON.parse(expected)).not.toThrow();
  });

  test('change nothing when the line has all of them', () => {
    const line = `${START},"tags":{"team":"own","a\\"b":""}}`;
    expect(extended(line, { tags })).toBe(line);
  });

  test('reach the ledger too', () => {
    expect(JSON.parse(extended(JSON.stringify(stats()), { tags })).tags).toEqual(tags);
  });
});

describe('flattening', () => {
  test('adds level and attributes of a JSON log, and leaves the record', () => {
    const line = `${START},"type":"function","record":{"level":"warning","n":1e400,"ctx":{"id":9007199254740993}}}`;
    expect(extended(line, { flatten: true })).toBe(
      `${line.slice(0, -1)},"level":"WARN","attributes":{"level":"warning","n":"1e400","ctx.id":"9007199254740993"}}`,
    );
  });

  test('adds the level of a text, and the attributes of a report', () => {
    const text = JSON.parse(extended(JSON.stringify(event(1, { message: '[ERROR]\tx' })), { flatten: true }));
    expect(text).toMatchObject({ level: 'ERROR' });
    expect(text).not.toHaveProperty('attributes');
    const record = { requestId: 'r', metrics: { durationMs: 1.5 } };
    const report = event(1, { type: 'platform.report', message: undefined, record });
    expect(JSON.parse(extended(JSON.stringify(report), { flatten: true })).attributes).toEqual({
      requestId: 'r',
      'metrics.durationMs': '1.5',
    });
  });

  test('repeats no key that is there', () => {
    const line = `${START},"type":"function","record":{"level":"INFO"},"level":"X","attributes":{}}`;
    expect(extended(line, { flatten: true })).toBe(line);
  });

  test('leaves the ledger as it is', () => {
    const line = JSON.stringify(stats());
    expect(extended(line, { flatten: true })).toBe(line);
  });
});

test('keeps white space around and within a line', () => {
  const line = ` {"v": 1 , "instance_id":"i","seq":1 , "tags" : { "a" : "1" } } \r`;
  expect(extended(line, { tags: { b: '2' } })).toBe(line.replace('"1" }', '"1" ,"b":"2"}'));
});

test('inserts into any line and changes nothing else', () => {
  const tags = fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 });
  assertProperty(
    fc.property(anyEvent, tags, tags, fc.boolean(), (line, own, more, flatten) => {
      const before: TelemetryLine = Object.keys(own).length > 0 ? { ...line, tags: own } : line;
      const after = JSON.parse(extended(JSON.stringify(before), { tags: more, flatten }));
      const { level: _, attributes: __, tags: merged = {}, ...rest } = after;
      const { tags: ___, ...expected } = JSON.parse(JSON.stringify(before));
      expect(rest).toEqual(expected);
      expect(merged).toEqual(JSON.parse(JSON.stringify({ ...more, ...own })));
    }),
  );
});
