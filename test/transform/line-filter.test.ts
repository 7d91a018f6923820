import { describe, expect, test } from 'vitest';
import { lineFilter } from '../../transform/src/line-filter';
import type { TransformSettings } from '../../transform/src/settings';
import { event, filtered, stats } from '../decoder/lines';
import { NO_CHANGE } from './batch';

const TYPES = ['function', 'extension', 'platform.start', 'platform.report', 'platformx', 'new.type'];

function stay(settings: Partial<TransformSettings>): string[] {
  const filter = lineFilter({ ...NO_CHANGE, ...settings });
  return TYPES.filter((type) => filter(event(1, { type })));
}

describe('types', () => {
  test('stay all without a list', () => {
    expect(stay({})).toEqual(TYPES);
  });

  test('stay when they are included, by name or by the first part of it', () => {
    expect(stay({ includeTypes: ['function', 'platform.report'] })).toEqual(['function', 'platform.report']);
    expect(stay({ includeTypes: ['platform'] })).toEqual(['platform.start', 'platform.report']);
  });

  test('go when they are excluded, even if they are included', () => {
    expect(stay({ excludeTypes: ['platform', 'extension'] })).toEqual(['function', 'platformx', 'new.type']);
    expect(stay({ includeTypes: ['platform'], excludeTypes: ['platform.start'] })).toEqual(['platform.report']);
  });

  test('that are missing count as not included', () => {
    const filter = (settings: Partial<TransformSettings>) => lineFilter({ ...NO_CHANGE, ...settings });
    expect(filter({ includeTypes: ['function'] })(event(1, { type: undefined }))).toBe(false);
    expect(filter({ excludeTypes: ['function'] })(event(1, { type: undefined }))).toBe(true);
  });

  test('the ledger, and what an earlier transform has filtered, stay whatever the lists say', () => {
    for (const settings of [{ includeTypes: ['function'] }, { excludeTypes: ['extension'] }]) {
      expect(lineFilter({ ...NO_CHANGE, ...settings })(stats())).toBe(true);
      expect(lineFilter({ ...NO_CHANGE, ...settings })(filtered(2, 5))).toBe(true);
    }
  });
});

describe('the minimum level', () => {
  const filter = lineFilter({ ...NO_CHANGE, minimumLevel: 'WARN' });
  const log = (level: string) => event(1, { message: undefined, record: { level } });

  test.each([
    ['DEBUG', false],
    ['INFO', false],
    ['WARN', true],
    ['ERROR', true],
  ])('%s stays: %s', (level, stays) => {
    expect(filter(log(level))).toBe(stays);
  });

  test('leaves lines without a level, and the platform alone', () => {
    expect(filter(event(1, { message: 'plain words' }))).toBe(true);
    expect(filter(event(1, { type: 'platform.report', message: undefined, record: { level: 'DEBUG' } }))).toBe(true);
  });
});
