import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { flatRecord } from '../../transform/src/flat-record';
import { assertProperty } from '../extension/property';

const flat = (json: string) => {
  const text = flatRecord(Buffer.from(json), 0);
  return text === undefined ? undefined : JSON.parse(text);
};

test.each([
  ['nested keys with dots', '{"a":{"b":{"c":"x"}},"d":"y"}', { 'a.b.c': 'x', d: 'y' }],
  [
    'numbers as they were written',
    '{"big":12345678901234567890,"e":1.50e3}',
    { big: '12345678901234567890', e: '1.50e3' },
  ],
  ['truth as text', '{"yes":true,"no":false}', { yes: 'true', no: 'false' }],
  ['arrays as JSON', '{"a":[1, {"b":"\\""}]}', { a: '[1, {"b":"\\""}]' }],
  ['escapes in keys and values', '{"\\u0061\\n":"\\u00e4\\t"}', { 'a\n': 'ä\t' }],
  ['no nulls and no empty objects', '{"n":null,"o":{ },"a":[]}', { a: '[]' }],
  ['nothing of an empty object', '{}', undefined],
  ['nothing where all is null', '{"a":{"b":null}}', undefined],
  ['the first of two that are spelled alike', '{"a.b":"1","a":{"b":"2"},"\\u0061.b":"3"}', { 'a.b': '1' }],
])('has %s', (_, json, expected) => {
  expect(flat(json)).toEqual(expected);
});

test('keeps what is deeper than eight levels as JSON text', () => {
  const deep = (levels: number): string => (levels === 0 ? '"x"' : `{"k":${deep(levels - 1)}}`);
  expect(flat(deep(8))).toEqual({ 'k.k.k.k.k.k.k.k': 'x' });
  expect(flat(deep(10))).toEqual({ 'k.k.k.k.k.k.k.k': '{"k":{"k":"x"}}' });
});

test('stops at two hundred attributes', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index]));
  expect(Object.keys(flat(JSON.stringify(many)))).toHaveLength(200);
});

test('gives strings of one level for any object', () => {
  assertProperty(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 }),
      (object) => {
        const attributes = flat(JSON.stringify(object)) ?? {};
        for (const value of Object.values(attributes)) expect(typeof value).toBe('string');
        for (const [key, value] of Object.entries(object)) {
          if (typeof value === 'string' && !Object.keys(object).some((other) => key.startsWith(`${other}.`))) {
            expect(attributes[key]).toBe(JSON.parse(JSON.stringify(value)));
          }
        }
      },
    ),
  );
});
