import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { TelemetryLogLevel } from '../../telemetry-log-level';
import type { TelemetryTransformOptions } from '../../telemetry-transform-options';
import { telemetryError } from '../errors';
import { oneOf, optionError } from '../validation';

/** The contract with the processor: transform/src/settings.ts reads it, and a test compares the two. */
export const SETTINGS_VARIABLE = 'TELEMETRY_TRANSFORM';

/** Lambda allows 4 KB for all variables of a function, names included. */
const MAX_SETTINGS_BYTES = 4_000;
const LEDGER = 'extension.stats';

/** Checks what the processor is told, and renders it as JSON. */
export function transformSettings(scope: IConstruct, options: TelemetryTransformOptions, compress: boolean): string {
  const { includeTypes, excludeTypes, minimumLevel, flatten = true, tags = {} } = options;
  checkTypes(scope, 'transform.includeTypes', includeTypes);
  checkTypes(scope, 'transform.excludeTypes', excludeTypes);
  if (minimumLevel !== undefined) oneOf(scope, 'transform.minimumLevel', minimumLevel, TelemetryLogLevel);
  checkTags(scope, tags);
  checkPurpose(scope, options);
  const settings = { includeTypes, excludeTypes, minimumLevel, flatten, tags, compress };
  if (Token.isUnresolved(tags) || Object.entries(tags).some((tag) => Token.isUnresolved(tag))) {
    return Stack.of(scope).toJsonString(settings);
  }
  const json = JSON.stringify(settings);
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_SETTINGS_BYTES) return json;
  throw optionError(
    scope,
    'transform',
    `${bytes} bytes of JSON`,
    `tags and types of ${MAX_SETTINGS_BYTES} bytes of JSON`,
  );
}

function checkTypes(scope: IConstruct, option: string, types: string[] | undefined): void {
  if (types === undefined || Token.isUnresolved(types)) return;
  const wrong = types.find((type) => !Token.isUnresolved(type) && (type === LEDGER || !/^[a-z][A-Za-z.]*$/.test(type)));
  if (types.length > 0 && wrong === undefined) return;
  throw optionError(
    scope,
    option,
    wrong ?? '[]',
    `at least one type such as function, platform or platform.report; ${LEDGER} is always archived`,
  );
}

function checkTags(scope: IConstruct, tags: Record<string, string>): void {
  const wrong = Object.entries(tags).find(([name, value]) => name === '' || typeof value !== 'string');
  if (wrong === undefined) return;
  const found = JSON.stringify(Object.fromEntries([wrong]));
  throw optionError(scope, 'transform.tags', found, 'names that are not empty, values that are strings');
}

/** A step that does nothing costs all the same; one that keeps nothing is a mistake. */
function checkPurpose(scope: IConstruct, options: TelemetryTransformOptions): void {
  const { includeTypes, excludeTypes = [], minimumLevel, flatten = true, tags = {} } = options;
  const changes = flatten || minimumLevel !== undefined || Object.keys(tags).length > 0;
  const isExcluded = (type: string) => excludeTypes.some((name) => type === name || type.startsWith(`${name}.`));
  if (includeTypes?.every(isExcluded)) {
    throw telemetryError(scope, {
      code: 'KTE_ARCHIVE_TRANSFORM',
      wrong: 'the transform would archive no events',
      found: `includeTypes ${includeTypes.join(', ')} with excludeTypes ${excludeTypes.join(', ')}`,
      allowed: 'includeTypes that excludeTypes leave something of',
      instead: 'take a type out of excludeTypes',
    });
  }
  if (changes || includeTypes || excludeTypes.length > 0) return;
  throw telemetryError(scope, {
    code: 'KTE_ARCHIVE_TRANSFORM',
    wrong: 'the transform would change nothing',
    found: 'flatten: false without filters and tags',
    allowed: 'a transform that filters, flattens or tags',
    instead: 'take "transform" out: the stream is archived as it is',
  });
}
