import { isExtensionStats, isTransformFiltered, type TelemetryLine } from '../../src/decoder';
import { LEVELS, levelOf } from './log-level';
import type { TransformSettings } from './settings';

/**
 * Says of a line whether it stays. Ledgers always do, and so does what an earlier transform says of its own filter:
 * without them nobody could tell what was lost. A log line whose level is not known stays too.
 */
export function lineFilter(settings: TransformSettings): (line: TelemetryLine) => boolean {
  const { includeTypes, excludeTypes = [], minimumLevel } = settings;
  const lowest = minimumLevel === undefined ? 0 : LEVELS.indexOf(minimumLevel);
  return (line) => {
    if (isExtensionStats(line) || isTransformFiltered(line)) return true;
    const type = typeof line.type === 'string' ? line.type : '';
    if (includeTypes && !isAmong(type, includeTypes)) return false;
    if (isAmong(type, excludeTypes)) return false;
    const level = lowest === 0 ? undefined : levelOf(line);
    return level === undefined || LEVELS.indexOf(level) >= lowest;
  };
}

function isAmong(type: string, names: readonly string[]): boolean {
  return names.some((name) => type === name || type.startsWith(`${name}.`));
}
