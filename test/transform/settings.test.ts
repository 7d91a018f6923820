import { expect, test } from 'vitest';
import { parseSettings } from '../../transform/src/settings';

test('reads what the construct writes', () => {
  const settings = {
    includeTypes: ['function'],
    excludeTypes: ['platform'],
    minimumLevel: 'WARN',
    flatten: false,
    tags: { team: 'shop' },
    compress: true,
  };
  expect(parseSettings(JSON.stringify(settings))).toEqual(settings);
});

test('flattens text and filters nothing where nothing is said', () => {
  const nothing = { includeTypes: undefined, excludeTypes: undefined, minimumLevel: undefined };
  expect(parseSettings(undefined)).toEqual({ ...nothing, flatten: true, tags: {}, compress: false });
});

test.each([
  ['no JSON', 'yes', /JSON/],
  ['no object', '[]', /TELEMETRY_TRANSFORM is not an object/],
  ['no types', '{"includeTypes":"function"}', /includeTypes is not an array of strings/],
  ['types of another kind', '{"excludeTypes":[1]}', /excludeTypes is not an array of strings/],
  ['no level', '{"minimumLevel":"LOUD"}', /minimumLevel is not one of TRACE, DEBUG/],
  ['a switch that is neither', '{"flatten":"no"}', /flatten is not true or false/],
  ['compression that is neither', '{"compress":1}', /compress is not true or false/],
  ['tags that are no strings', '{"tags":{"a":1}}', /tags is not an object of strings/],
])('throws at the start for %s: a wrong archive would be noticed by nobody', (_, json, message) => {
  expect(() => parseSettings(json)).toThrow(message);
});
