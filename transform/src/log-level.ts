import type { TelemetryEvent } from '../../src/decoder';

/** From the least to the most severe. */
export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type Level = (typeof LEVELS)[number];

/** What other languages and loggers call them: Python, Powertools, .NET, syslog. */
const OTHER_NAMES: Readonly<Record<string, Level>> = {
  VERBOSE: 'TRACE',
  INFORMATION: 'INFO',
  NOTICE: 'INFO',
  WARNING: 'WARN',
  ERR: 'ERROR',
  CRITICAL: 'FATAL',
};

/** The text formats of Lambda's runtimes: `time TAB requestId TAB LEVEL TAB ...` of Node.js, `[LEVEL]` of Python. */
const IN_TEXT = [/^[^\t\n]+\t[^\t\n]+\t([A-Z]+)\t/, /^\[([A-Z]+)\]\s/];

/** The level of a log line; undefined where it has none that is known, and for what is no log line. */
export function levelOf({ type, message, record }: TelemetryEvent): Level | undefined {
  if (type !== 'function' && type !== 'extension') return undefined;
  if (typeof message === 'string') return levelOfText(message);
  const level = record?.level;
  if (typeof level === 'string') return levelOfName(level.toUpperCase());
  return typeof level === 'number' ? levelOfNumber(level) : undefined;
}

function levelOfText(text: string): Level | undefined {
  const name = IN_TEXT.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
  return name === undefined ? undefined : levelOfName(name);
}

function levelOfName(name: string): Level | undefined {
  return LEVELS.find((level) => level === name) ?? (Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined);
}

/** pino and bunyan: 10 is TRACE, 60 FATAL, and own levels lie between. */
function levelOfNumber(level: number): Level | undefined {
  return LEVELS[Math.floor(level / 10) - 1];
}
