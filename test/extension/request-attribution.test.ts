import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RequestAttribution, requestIdOfTextLine } from '../../extension/src/request-attribution';
import { assertProperty } from './property';

test('gives the lines between start and report to the request', () => {
  const attribution = new RequestAttribution(true);
  expect(attribution.surrounding).toBeUndefined();
  attribution.observe('platform.start', 'a');
  expect(attribution.surrounding).toBe('a');
  attribution.observe('platform.runtimeDone', 'a');
  expect(attribution.surrounding).toBe('a');
  attribution.observe('platform.report', 'a');
  expect(attribution.surrounding).toBeUndefined();
});

test('stays with the new request when the report of the one before comes late', () => {
  const attribution = new RequestAttribution(true);
  attribution.observe('platform.start', 'a');
  attribution.observe('platform.start', 'b');
  attribution.observe('platform.report', 'a');
  expect(attribution.surrounding).toBe('b');
});

test('attributes nothing by its surroundings where requests run side by side', () => {
  const attribution = new RequestAttribution(false);
  attribution.observe('platform.start', 'a');
  expect(attribution.surrounding).toBeUndefined();
});

const REQUEST_ID = '79b4f56e-95b1-4643-9700-2807f4e68189';
const TIMESTAMP = '2026-01-01T00:00:00.000Z';

function requestIdIn(text: string): string | undefined {
  const body = Buffer.from(`  ${JSON.stringify(text)}  `);
  return requestIdOfTextLine(body, 2, body.length - 2);
}

test('reads the request id of a text line of the Node.js runtime', () => {
  expect(requestIdIn(`${TIMESTAMP}\t${REQUEST_ID}\tINFO\thello\n`)).toBe(REQUEST_ID);
});

test.each([
  ['undefined before the first request', `${TIMESTAMP}\tundefined\tINFO\t${'x'.repeat(60)}`],
  ['a plain line', 'hello'],
  ['spaces for tabs', `${TIMESTAMP} ${REQUEST_ID} INFO hello`],
  ['no tab behind it', `${TIMESTAMP}\t${REQUEST_ID}`],
  ['capital letters', `${TIMESTAMP}\t${REQUEST_ID.toUpperCase()}\tINFO\thello`],
  ['another place', `\t${TIMESTAMP}\t${REQUEST_ID}\tINFO\thello`],
])('reads none in a line with %s', (_name, text) => {
  expect(requestIdIn(text)).toBeUndefined();
});

test('reads nothing from behind the record', () => {
  const body = Buffer.from(`"short","${TIMESTAMP}\\t${REQUEST_ID}\\tINFO"`);
  assertProperty(
    fc.property(fc.nat({ max: body.length }), fc.nat({ max: 60 }), (start, length) => {
      expect(requestIdOfTextLine(body, start, Math.min(start + length, body.length))).toBeUndefined();
    }),
  );
});
