import { LEVELS, type Level } from './log-level';

/** The variable that the construct writes: JSON of `TransformSettings`. */
export const SETTINGS_VARIABLE = 'TELEMETRY_TRANSFORM';

export interface TransformSettings {
  /** Types that stay: `function`, `platform.report`; `platform` for all that begin with `platform.`. Absent: all. */
  readonly includeTypes?: readonly string[];
  /** Types that go, even if they are in `includeTypes`. */
  readonly excludeTypes?: readonly string[];
  /** Log lines below it go. Absent: all stay. */
  readonly minimumLevel?: Level;
  /** Whether lines get the columns `level` and `attributes`. */
  readonly flatten: boolean;
  /** Tags that lines get unless they have one of that name. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether records leave as gzip members, as the objects of the archive have to be made of. */
  readonly compress: boolean;
}

/**
 * Reads the settings.
 *
 * @throws when they are not what the construct writes: Firehose then keeps the records as failed, instead of an archive
 * that is other than it was asked for
 */
export function parseSettings(json: string | undefined): TransformSettings {
  const given: unknown = JSON.parse(json ?? '{}');
  if (!isObject(given)) throw invalid('', 'an object');
  const { includeTypes, excludeTypes, minimumLevel, flatten = true, tags = {}, compress = false } = given;
  for (const [name, types] of Object.entries({ includeTypes, excludeTypes })) {
    if (types !== undefined && !isStrings(types)) throw invalid(name, 'an array of strings');
  }
  if (minimumLevel !== undefined && !LEVELS.includes(minimumLevel as Level)) {
    throw invalid('minimumLevel', `one of ${LEVELS.join(', ')}`);
  }
  if (!isObject(tags) || !isStrings(Object.values(tags))) throw invalid('tags', 'an object of strings');
  if (typeof flatten !== 'boolean') throw invalid('flatten', 'true or false');
  if (typeof compress !== 'boolean') throw invalid('compress', 'true or false');
  return { includeTypes, excludeTypes, minimumLevel, flatten, tags, compress } as TransformSettings;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function invalid(name: string, allowed: string): Error {
  return new Error(`${SETTINGS_VARIABLE}${name && `.${name}`} is not ${allowed}`);
}
