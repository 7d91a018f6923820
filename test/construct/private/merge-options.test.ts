import { Duration } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { RecordFormat } from '../../../src';
import { mergeOptions } from '../../../src/private/merge-options';

test('lets overrides win value by value', () => {
  const base = { recordFormat: RecordFormat.JSON, endpointUrl: 'http://base' };
  expect(mergeOptions(base, { endpointUrl: 'http://over' })).toEqual({
    recordFormat: RecordFormat.JSON,
    endpointUrl: 'http://over',
  });
});

test('merges buffering and tags key by key', () => {
  const timeout = Duration.millis(50);
  const base = { buffering: { timeout, maxItems: 1_000 }, tags: { team: 'shop', stage: 'prod' } };
  expect(mergeOptions(base, { buffering: { maxItems: 2_000 }, tags: { stage: 'test' } })).toEqual({
    buffering: { timeout, maxItems: 2_000 },
    tags: { team: 'shop', stage: 'test' },
  });
});

test('keeps what is set below a key that is present and undefined', () => {
  const base = { recordFormat: RecordFormat.JSON, buffering: { maxItems: 1_000 }, tags: { team: 'shop' } };
  const overrides = { recordFormat: undefined, buffering: { maxItems: undefined }, tags: undefined };
  expect(mergeOptions(base, overrides)).toEqual(base);
});

test('leaves the base as it was', () => {
  const base = { tags: { team: 'shop' } };
  mergeOptions(base, { tags: { team: 'other' } });
  expect(base).toEqual({ tags: { team: 'shop' } });
});
