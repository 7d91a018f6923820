import * as fc from 'fast-check';

/** JSON texts as they may stand on the wire: any white space, escape and number, not only what JSON.stringify prints. */
export const whitespace = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });

export const jsonNumber = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,25})(\.\d{1,20})?([eE][+-]?\d{1,4})?$/),
  fc.constantFrom('1e400', '12345678901234567890', '-0', '0.1e-999', '1E+2'),
);

const character = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
);
const hexDigit = fc.constantFrom(...'0123456789abcdefABCDEF');
const escapeSequence = fc.oneof(
  fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t'),
  fc.string({ unit: hexDigit, minLength: 4, maxLength: 4 }).map((digits) => `\\u${digits}`),
  fc.constantFrom('\\ud83d\\ude00', '\\uD83D', '\\uDE00', '\\u0000'),
);

/** What stands between the quotes of a string. */
export const jsonStringContent = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: character.map((text) => JSON.stringify(text).slice(1, -1)) },
      { weight: 1, arbitrary: escapeSequence },
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

export const jsonString = jsonStringContent.map((content) => `"${content}"`);

const tokens = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(jsonString, jsonNumber, fc.constantFrom('true', 'false', 'null')),
    tie('array'),
    tie('object'),
  ),
  array: fc.array(spaced(tie('value')), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
  object: fc
    .array(fc.tuple(spaced(jsonString), spaced(tie('value'))), { maxLength: 4 })
    .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`),
}));

export const jsonObject = tokens.object;
export const jsonArray = tokens.array;

/** Any JSON value. */
export const jsonText = fc.oneof(tokens.value, fc.json());

export function spaced(token: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(whitespace, token, whitespace).map((parts) => parts.join(''));
}
