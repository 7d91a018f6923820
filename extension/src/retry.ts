/**
 * What to do about a failed call or a refused record, by its error code. Classes and figures: PutRecords API
 * reference; docs/decisions/0004-retry.md.
 *
 * - `reconnect`: a kept-alive socket was dead; at once, on a fresh one
 * - `transient`: the service or the network; soon
 * - `throttle`: a shard, the stream or the key is over its limit; later, and on another shard
 * - `credentials`: once more with fresh credentials
 * - `park`: nothing will change by itself soon (permission, stream, key); stop trying for a while
 * - `invalid`: this data will never be accepted; find the culprit, never resend it as it is
 */
export type FailureClass = 'reconnect' | 'transient' | 'throttle' | 'credentials' | 'park' | 'invalid';

const CLASS_OF_CODE: Readonly<Record<string, FailureClass>> = {
  ConnectionLost: 'reconnect',
  ProvisionedThroughputExceededException: 'throttle',
  ThrottlingException: 'throttle',
  Throttling: 'throttle',
  LimitExceededException: 'throttle',
  KMSThrottlingException: 'throttle',
  TooManyRequestsException: 'throttle',
  RequestLimitExceeded: 'throttle',
  ExpiredToken: 'credentials',
  ExpiredTokenException: 'credentials',
  UnrecognizedClientException: 'credentials',
  InvalidSignatureException: 'credentials',
  RequestTimeTooSkewed: 'credentials',
  MissingCredentials: 'park',
  MissingAuthenticationTokenException: 'park',
  AccessDenied: 'park',
  AccessDeniedException: 'park',
  NotAuthorized: 'park',
  ResourceNotFoundException: 'park',
  KMSAccessDeniedException: 'park',
  KMSDisabledException: 'park',
  KMSNotFoundException: 'park',
  KMSInvalidStateException: 'park',
  KMSOptInRequired: 'park',
  ValidationException: 'invalid',
  InvalidArgumentException: 'invalid',
  SerializationException: 'invalid',
  RequestEntityTooLargeException: 'invalid',
};

/** `status` is the HTTP status of a call that failed as a whole. */
export function classifyFailure(code: string, status?: number): FailureClass {
  // The code comes from the network, and an object knows `constructor`, too.
  if (Object.hasOwn(CLASS_OF_CODE, code)) return CLASS_OF_CODE[code] as FailureClass;
  if (status === 413) return 'invalid';
  if (status === 429) return 'throttle';
  if (status === 401 || status === 403) return 'park';
  // An unknown refusal of the request (4xx) would be refused again, but need not lie in the data: keep it, and wait.
  if (status !== undefined && status >= 400 && status < 500) return 'park';
  return 'transient';
}

const BASE_MS: Readonly<Record<FailureClass, number>> = {
  reconnect: 0,
  transient: 50,
  throttle: 200,
  credentials: 0,
  park: 0,
  invalid: 0,
};
const MAX_PAUSE_MS = 5_000;

/** Full jitter: a random share of base x 2^attempt (attempt counts from 0), in ms. */
export function pauseBeforeRetry(failure: FailureClass, attempt: number, random: () => number): number {
  return Math.floor(random() * Math.min(BASE_MS[failure] * 2 ** attempt, MAX_PAUSE_MS));
}
