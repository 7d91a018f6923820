import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { asJsonStringContent, cutJsonStringContent } from '../../extension/src/truncation';
import { jsonStringContent, jsonText } from './json-text';
import { assertProperty } from './property';

/** The longest unit that a cut may leave out as a whole: an escaped surrogate pair. */
const LONGEST_UNIT = 12;
const isHighSurrogate = (text: string) => /[\ud800-\udbff]$/.test(text);
const value = (content: Buffer) => JSON.parse(`"${content.toString('utf8')}"`) as string;

test('cuts to a valid prefix that fits and is as long as it can be', () => {
  assertProperty(
    fc.property(jsonStringContent, fc.integer({ min: -5, max: 200 }), (text, maxBytes) => {
      const content = Buffer.from(text);
      const cut = cutJsonStringContent(content, maxBytes);
      expect(cut.length).toBeLessThanOrEqual(Math.max(0, maxBytes));
      expect(isUtf8(cut)).toBe(true);
      expect(value(content).startsWith(value(cut))).toBe(true);
      if (content.length <= maxBytes) expect(cut).toBe(content);
      else expect(cut.length).toBeGreaterThan(Math.max(0, maxBytes) - LONGEST_UNIT);
    }),
    { numRuns: 3_000 },
  );
});

test('never cuts between the halves of an escaped surrogate pair', () => {
  const unit = fc.constantFrom(
    '\\ud83d\\ude00',
    '\\uD83D\\uDE00',
    '\\\\',
    'u',
    'd',
    '8',
    '3',
    '\u00e9',
    '\u{1f600}',
    '\\n',
  );
  assertProperty(
    fc.property(fc.array(unit, { maxLength: 12 }), fc.nat({ max: 100 }), (units, maxBytes) => {
      const cut = cutJsonStringContent(Buffer.from(units.join('')), maxBytes);
      expect(isHighSurrogate(value(cut))).toBe(false);
      const kept = cut.toString('utf8');
      const lengths = units.map((_, count) => units.slice(0, count).join('')).concat(units.join(''));
      expect(lengths).toContain(kept);
    }),
    { numRuns: 2_000 },
  );
});

test('writes any JSON text as the content of a string that fits', () => {
  assertProperty(
    fc.property(jsonText, fc.integer({ min: 0, max: 300 }), (text, maxBytes) => {
      const content = asJsonStringContent(Buffer.from(text), maxBytes);
      expect(content.length).toBeLessThanOrEqual(maxBytes);
      expect(isUtf8(content)).toBe(true);
      expect(text.startsWith(value(content))).toBe(true);
      const whole = Buffer.byteLength(JSON.stringify(text)) - 2;
      if (whole <= maxBytes) expect(value(content)).toBe(text);
      else expect(content.length).toBeGreaterThan(maxBytes - LONGEST_UNIT);
    }),
    { numRuns: 2_000 },
  );
});

test('leaves nothing where there is no room', () => {
  expect(asJsonStringContent(Buffer.from('{"a":1}'), -50)).toHaveLength(0);
  expect(cutJsonStringContent(Buffer.from('abc'), -50)).toHaveLength(0);
});
