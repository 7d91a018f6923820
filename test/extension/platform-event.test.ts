import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePlatformRecord } from '../../extension/src/platform-event';
import { jsonText } from './json-text';
import { assertProperty } from './property';

test('reads the fields of a report', () => {
  const record = {
    requestId: 'r-1',
    status: 'failure',
    errorType: 'Runtime.ExitError',
    metrics: {
      durationMs: 1.5,
      billedDurationMs: 2,
      initDurationMs: 100.25,
      memorySizeMB: 128,
      maxMemoryUsedMB: 70,
      restoreDurationMs: 5,
    },
  };
  expect(parsePlatformRecord(JSON.stringify(record))).toEqual({
    requestId: 'r-1',
    status: 'failure',
    errorType: 'Runtime.ExitError',
    durationMs: 1.5,
    billedDurationMs: 2,
    initDurationMs: 100.25,
    memorySizeMb: 128,
    maxMemoryUsedMb: 70,
  });
});

test('reads what Lambda dropped', () => {
  const record = '{"droppedBytes":12345,"droppedRecords":123,"reason":"slow"}';
  expect(parsePlatformRecord(record)).toMatchObject({ droppedBytes: 12345, droppedRecords: 123 });
});

test('leaves out values of another type, so that a key never has two', () => {
  const record =
    '{"requestId":7,"status":null,"errorType":"","droppedRecords":"3","metrics":{"durationMs":"1",' +
    '"billedDurationMs":1e400,"initDurationMs":null,"memorySizeMB":1.5,"maxMemoryUsedMB":{}}}';
  expect(Object.values(parsePlatformRecord(record)).filter((value) => value !== undefined)).toEqual([]);
});

test('reads any JSON value without throwing', () => {
  assertProperty(
    fc.property(jsonText, jsonText, (record, metrics) => {
      for (const text of [record, `{"metrics":${metrics},"requestId":${record}}`]) {
        for (const value of Object.values(parsePlatformRecord(text))) {
          expect(['string', 'number', 'undefined']).toContain(typeof value);
        }
      }
    }),
  );
});
