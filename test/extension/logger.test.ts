import { expect, test } from 'vitest';
import { describe as describeError, Logger } from '../../extension/src/logger';
import type { LogLevel } from '../../extension/src/settings';
import { FakeClock } from './fake-clock';

function newLogger(level: LogLevel) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = new Logger(level, (line) => lines.push(line), clock.now);
  return { clock, lines, log };
}

test.each<[LogLevel, string[]]>([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
  ['off', []],
])('writes at level %s: %j', (level, expected) => {
  const { lines, log } = newLogger(level);
  log.debug('text');
  log.info('text');
  log.warn('a', 'text');
  log.error('b', 'text');
  expect(lines).toEqual(expected.map((written) => `[kinesis-telemetry-extension] ${written}: text\n`));
});

test('writes a message of several lines as one line', () => {
  const { lines, log } = newLogger('info');
  log.info('first\r\nsecond\n\nthird');
  expect(lines).toEqual(['[kinesis-telemetry-extension] info: first second third\n']);
});

test('writes warnings and errors with the same key once a minute', async () => {
  const { clock, lines, log } = newLogger('warn');
  log.warn('key', 'one');
  log.error('key', 'two');
  log.warn('other', 'three');
  await clock.advance(59_999);
  log.warn('key', 'four');
  await clock.advance(1);
  log.warn('key', 'five');
  expect(lines.map((line) => line.split(' ').at(-1))).toEqual(['one\n', 'three\n', 'five\n']);
});

test('writes again when the clock was set back', () => {
  const { clock, lines, log } = newLogger('warn');
  log.warn('key', 'one');
  clock.jump(-3_600_000);
  log.warn('key', 'two');
  expect(lines).toHaveLength(2);
});

test('writes a raw line as it is, at every level', () => {
  const { lines, log } = newLogger('off');
  log.raw('{"a":1}\n');
  log.raw('{"a":1}\n');
  expect(lines).toEqual(['{"a":1}\n', '{"a":1}\n']);
});

test('bears a closed output', () => {
  const log = new Logger('debug', () => {
    throw new Error('EPIPE');
  });
  expect(() => log.error('key', 'text')).not.toThrow();
  expect(() => log.raw('{}\n')).not.toThrow();
});

test.each([
  [new Error('broken'), 'broken'],
  [new TypeError(''), 'TypeError'],
  ['text', 'text'],
  [undefined, 'undefined'],
])('describes %s as %s', (error, expected) => {
  expect(describeError(error)).toBe(expected);
});
