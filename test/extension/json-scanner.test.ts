import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOfString, endOfValue, forEachMember, skipWhitespace } from '../../extension/src/json-scanner';
import { jsonObject, jsonString, jsonText, whitespace } from './json-text';
import { assertProperty } from './property';

/** A text as JSON.parse reads it: white space, one value, white space. */
function accepts(text: string): boolean {
  const bytes = Buffer.from(text);
  const end = endOfValue(bytes, skipWhitespace(bytes, 0));
  return end >= 0 && skipWhitespace(bytes, end) === bytes.length;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const alteration = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), by: fc.constant('') }),
  fc.record({
    kind: fc.constantFrom('replace' as const, 'insert' as const, 'delete' as const),
    at: fc.nat(),
    by: fc.oneof(
      fc.constantFrom(...'{}[]",:\\0-+.eEtfnu/ \n\t\u0000\u001f\u007f\u00a0\ufeff\u2028'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  }),
);

function alter(text: string, { kind, at, by }: { kind: string; at: number; by: string }): string {
  const characters = [...text];
  const index = at % (characters.length + 1);
  if (kind === 'cut') return characters.slice(0, index).join('');
  characters.splice(index, kind === 'insert' ? 0 : 1, ...(kind === 'delete' ? [] : [by]));
  return characters.join('');
}

test('accepts every JSON value and finds its exact end', () => {
  const suffix = fc.constantFrom('', ',', ']', '}', ' ', '\n', ',{"a":1}', '} "');
  assertProperty(
    fc.property(whitespace, jsonText, suffix, (before, text, after) => {
      const value = text.trim();
      const bytes = Buffer.from(before + value + after);
      expect(parses(value)).toBe(true);
      expect(endOfValue(bytes, before.length)).toBe(before.length + Buffer.byteLength(value));
    }),
    { numRuns: 600 },
  );
});

test('accepts an altered text exactly when JSON.parse does', () => {
  assertProperty(
    fc.property(jsonText, fc.array(alteration, { minLength: 1, maxLength: 3 }), (text, alterations) => {
      const altered = alterations.reduce(alter, text);
      expect(accepts(altered)).toBe(parses(altered));
    }),
    { numRuns: 4_000 },
  );
});

test('accepts short texts of structural characters exactly when JSON.parse does', () => {
  const structural = fc.string({ unit: fc.constantFrom(...'{}[]",:\\01-+.eE tru', 'null', '"a"'), maxLength: 12 });
  assertProperty(
    fc.property(structural, (text) => {
      expect(accepts(text)).toBe(parses(text));
    }),
    { numRuns: 4_000 },
  );
});

test.each([
  ['', '01', '-', '1.', '.5', '1e', '1e+', '+1', '0x1', 'NaN', 'Infinity', 'tru', 'nulll', 'True'],
  ['"', '"\\"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\t"', '"\n"', "'a'", '"\u0000"'],
  ['[', ']', '[1', '[1,', '[1,]', '[,1]', '[1 2]', '[1}', '{', '}', '{]', '[[]', '[]]'],
  ['{"a"}', '{"a":}', '{"a":1,}', '{a:1}', '{"a" 1}', '{"a":1 "b":2}', '{,}', '{"a":1]', '{1:2}', '\ufeff{}'],
])('refuses %j and the others of its list', (...texts) => {
  for (const text of texts) {
    expect(parses(text), text).toBe(false);
    expect(accepts(text), text).toBe(false);
  }
});

test('walks values that are nested 10,000 levels deep without recursion', () => {
  const opener = fc.constantFrom<[string, string]>(['[', ']'], ['{"a":', '}'], ['[1,', ']'], ['{"b":[],"a":', '}']);
  assertProperty(
    fc.property(
      fc.array(opener, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 10_000 }),
      (kinds, depth) => {
        const levels = Array.from({ length: depth }, (_, level) => kinds[level % kinds.length] as [string, string]);
        const open = levels.map(([start]) => start).join('');
        const close = levels.map(([, end]) => end).reverse();
        const text = `${open}0${close.join('')}`;
        expect(parses(text)).toBe(true);
        expect(endOfValue(Buffer.from(`${text}]`), 0)).toBe(text.length);
        expect(endOfValue(Buffer.from(open + close.slice(1).join('')), 0)).toBe(-1);
      },
    ),
    { numRuns: 20 },
  );
});

test('finds the end of a string whatever it contains', () => {
  assertProperty(
    fc.property(jsonString, jsonString, (text, after) => {
      expect(endOfString(Buffer.from(text + after), 0)).toBe(Buffer.byteLength(text));
    }),
  );
});

test('visits every member of an object with the place of its key and value', () => {
  const members = fc.array(fc.tuple(jsonString, jsonText), { maxLength: 6 });
  assertProperty(
    fc.property(members, whitespace, (pairs, space) => {
      const text = `{${space}${pairs.map(([key, value]) => `${key}${space}:${space}${value}${space}`).join(`,${space}`)}}`;
      const bytes = Buffer.from(`[${text}]`);
      const visited: [string, string][] = [];
      const end = forEachMember(bytes, 1, ({ keyStart, keyEnd, valueStart, valueEnd }) => {
        visited.push([`"${bytes.toString('utf8', keyStart, keyEnd)}"`, bytes.toString('utf8', valueStart, valueEnd)]);
      });
      expect(end).toBe(bytes.length - 1);
      expect(visited).toEqual(pairs.map(([key, value]) => [key, value.trim()]));
    }),
  );
});

test('returns -1 for the members of a broken object', () => {
  assertProperty(
    fc.property(jsonObject, alteration, (text, change) => {
      const altered = alter(text, change);
      fc.pre(altered.startsWith('{'));
      const bytes = Buffer.from(altered);
      expect(forEachMember(bytes, 0, () => {})).toBe(endOfValue(bytes, 0));
    }),
    { numRuns: 1_000 },
  );
});

test('finds the end of a string wherever it lies in memory', () => {
  const characters = fc.string({
    unit: fc.constantFrom(...'ab\\"\\\\/u00e9n\u0000\u001f\u0020\u007f\u00e9\ud83d\ude00 '),
    maxLength: 40,
  });
  assertProperty(
    fc.property(characters, fc.nat(7), fc.nat(7), fc.constantFrom('', '"'), (text, offset, from, quote) => {
      const encoded = Buffer.from(`${'x'.repeat(from)}"${text}${quote}`);
      const bytes = Buffer.alloc(encoded.length + offset).subarray(offset);
      encoded.copy(bytes);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what a JSON string must not hold
      const whole = /^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/.exec(
        encoded.toString('utf8', from),
      );
      expect(endOfString(bytes, from)).toBe(whole === null ? -1 : from + Buffer.byteLength(whole[0]));
    }),
    { numRuns: 2_000 },
  );
});
