import type { TelemetryType } from './telemetry-events';

export const SCHEMA_VERSIONS = ['2022-07-01', '2022-12-13', '2025-01-29'] as const;
const TYPES: readonly string[] = ['platform', 'function', 'extension'];

interface Range {
  readonly min: number;
  readonly max: number;
  readonly byDefault: number;
}

const BUFFERING: Readonly<Record<'maxItems' | 'maxBytes' | 'timeoutMs', Range>> = {
  maxItems: { min: 1_000, max: 10_000, byDefault: 10_000 },
  maxBytes: { min: 262_144, max: 1_048_576, byDefault: 262_144 },
  timeoutMs: { min: 25, max: 30_000, byDefault: 1_000 },
};

export interface TelemetrySubscription {
  readonly schemaVersion: string;
  readonly types: readonly TelemetryType[];
  readonly port: number;
  readonly path: string;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** A subscription Lambda would refuse with 400 ValidationError. */
export class SubscriptionError extends Error {
  public override readonly name = 'SubscriptionError';
}

/**
 * Reads the body of PUT /2022-07-01/telemetry as strictly as Lambda does.
 *
 * @throws SubscriptionError when a field is missing, unknown or out of range
 */
export function parseSubscription(
  body: Buffer,
  schemaVersions: readonly string[] = SCHEMA_VERSIONS,
): TelemetrySubscription {
  const request = parseObject(body);
  const schemaVersion = request.schemaVersion;
  if (typeof schemaVersion !== 'string' || !schemaVersions.includes(schemaVersion)) {
    throw new SubscriptionError(
      `schemaVersion ${JSON.stringify(schemaVersion)} is not one of ${schemaVersions.join(', ')}`,
    );
  }
  const types = request.types;
  if (!Array.isArray(types) || types.length === 0) throw new SubscriptionError('types must be a non-empty array');
  const unknown = types.find((type) => !TYPES.includes(type));
  if (unknown !== undefined)
    throw new SubscriptionError(`type ${JSON.stringify(unknown)} is not one of ${TYPES.join(', ')}`);
  return {
    schemaVersion,
    types: [...new Set(types as TelemetryType[])],
    ...parseDestination(request.destination),
    ...parseBuffering(request.buffering),
  };
}

function parseObject(body: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (parsed !== null && typeof parsed === 'object' && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new SubscriptionError('the body must be a JSON object');
}

function parseDestination(value: unknown): { readonly port: number; readonly path: string } {
  const destination = (value ?? {}) as { protocol?: unknown; URI?: unknown };
  if (destination.protocol !== 'HTTP') {
    throw new SubscriptionError(
      `destination.protocol ${JSON.stringify(destination.protocol)}: the sandbox serves HTTP only`,
    );
  }
  const uri = String(destination.URI);
  const match = /^http:\/\/(sandbox\.localdomain|sandbox):(\d{1,5})(\/.*)?$/.exec(uri);
  if (!match)
    throw new SubscriptionError(`destination.URI ${uri} must be http://sandbox.localdomain:PORT, with the port`);
  const port = Number(match[2]);
  if (port < 1 || port > 65_535 || port === 9_001)
    throw new SubscriptionError(`destination.URI: port ${port} is not allowed`);
  return { port, path: match[3] ?? '/' };
}

function parseBuffering(value: unknown): Pick<TelemetrySubscription, 'maxItems' | 'maxBytes' | 'timeoutMs'> {
  const buffering = (value ?? {}) as Record<string, unknown>;
  const read = (field: keyof typeof BUFFERING): number => {
    const { min, max, byDefault } = BUFFERING[field];
    const given = buffering[field] ?? byDefault;
    if (typeof given !== 'number' || !Number.isInteger(given) || given < min || given > max) {
      throw new SubscriptionError(
        `buffering.${field} ${JSON.stringify(given)} is not an integer from ${min} to ${max}`,
      );
    }
    return given;
  };
  return { maxItems: read('maxItems'), maxBytes: read('maxBytes'), timeoutMs: read('timeoutMs') };
}
