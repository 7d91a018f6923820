import { describe, expect, test } from 'vitest';
import { levelOf } from '../../transform/src/log-level';
import { event } from '../decoder/lines';

const ofText = (message: string) => levelOf(event(1, { message }));
const ofRecord = (level: unknown) => levelOf(event(1, { message: undefined, record: { level } }));

describe('the level of a log line', () => {
  test.each([
    ['DEBUG', 'DEBUG'],
    ['warn', 'WARN'],
    ['Warning', 'WARN'],
    ['CRITICAL', 'FATAL'],
    ['Information', 'INFO'],
    ['err', 'ERROR'],
    [10, 'TRACE'],
    [30, 'INFO'],
    [35, 'INFO'],
    [60, 'FATAL'],
  ])('is read from the key level: %s is %s', (level, expected) => {
    expect(ofRecord(level)).toBe(expected);
  });

  test.each([
    ['2026-11-21T10:00:00.000Z\t9f6a5c0e-1111-4222-8333-944445555666\tINFO\thello', 'INFO'],
    ['2026-11-21T10:00:00.000Z\tundefined\tERROR\tbefore the first request', 'ERROR'],
    ['[WARNING]\t2026-11-21T10:00:00.000Z\t9f6a5c0e-1111-4222-8333-944445555666\tlow', 'WARN'],
    ['[DEBUG] 2026-11-21 by hand', 'DEBUG'],
  ])('is read from the text that the runtimes write: %j', (text, expected) => {
    expect(ofText(text)).toBe(expected);
  });

  test.each([
    ['text that only talks of it', ofText('no ERROR at all')],
    ['JSON that was cut', ofText('{"level":"ERROR","msg":"too lo')],
    ['a name nobody knows', ofRecord('constructor')],
    ['a number out of range', ofRecord(70)],
    ['zero', ofRecord(0)],
    ['another type of value', ofRecord({ name: 'ERROR' })],
    ['no level', ofRecord(undefined)],
  ])('is unknown for %s', (_, level) => {
    expect(level).toBeUndefined();
  });

  test('is that of the extension lines too, and of nothing from the platform', () => {
    const record = { level: 'ERROR' };
    expect(levelOf(event(1, { type: 'extension', message: undefined, record }))).toBe('ERROR');
    expect(levelOf(event(1, { type: 'platform.report', message: undefined, record }))).toBeUndefined();
  });
});
