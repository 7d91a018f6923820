import type { LocalHttp } from './local-http';
import { describe, type Logger } from './logger';

export interface Subscription {
  readonly types: readonly string[];
  readonly bufferTimeoutMs: number;
  readonly bufferMaxBytes: number;
  readonly bufferMaxItems: number;
  readonly port: number;
}

/** Newest first; the older one for Regions and local environments that do not know the newer. */
const SCHEMA_VERSIONS = ['2025-01-29', '2022-12-13'];
const ATTEMPTS_PER_VERSION = 2;

/**
 * Subscribes to the Lambda Telemetry API, version 2022-07-01. Returns whether telemetry will come; where not, it has
 * said so once. Never rejects.
 */
export async function subscribe(
  http: LocalHttp,
  identifier: string,
  subscription: Subscription,
  log: Logger,
): Promise<boolean> {
  let problem = '';
  for (const schemaVersion of SCHEMA_VERSIONS) {
    let refused = false;
    for (let attempt = 0; attempt < ATTEMPTS_PER_VERSION && !refused; attempt += 1) {
      try {
        const answer = await http({
          method: 'PUT',
          path: '/2022-07-01/telemetry',
          headers: { 'Lambda-Extension-Identifier': identifier, 'content-type': 'application/json' },
          body: subscriptionBody(schemaVersion, subscription),
        });
        if (answer.status === 200) return true;
        if (answer.status === 202) {
          log.warn('subscribe', 'this environment does not support the Telemetry API (status 202); telemetry is off');
          return false;
        }
        problem = `status ${answer.status}: ${answer.body}`;
        refused = answer.status >= 400 && answer.status < 500;
        if (refused && answer.status !== 400) return off(log, problem);
      } catch (error) {
        problem = describe(error);
      }
    }
    if (!refused) return off(log, problem);
  }
  return off(log, problem);
}

function off(log: Logger, problem: string): false {
  log.error('subscribe', `the Telemetry API refused the subscription (${problem}); telemetry is off`);
  return false;
}

function subscriptionBody(schemaVersion: string, subscription: Subscription): string {
  return JSON.stringify({
    schemaVersion,
    types: subscription.types,
    buffering: {
      maxItems: subscription.bufferMaxItems,
      maxBytes: subscription.bufferMaxBytes,
      timeoutMs: subscription.bufferTimeoutMs,
    },
    // The full name: inside a VPC a bare `sandbox` may resolve elsewhere (opentelemetry-lambda#1031).
    destination: { protocol: 'HTTP', URI: `http://sandbox.localdomain:${subscription.port}` },
  });
}
