import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyFailure, type FailureClass, pauseBeforeRetry } from '../../extension/src/retry';
import { assertProperty } from './property';

const CODES: Record<FailureClass, string[]> = {
  reconnect: ['ConnectionLost'],
  transient: ['InternalFailure', 'ServiceUnavailable', 'Timeout', 'ConnectionFailed', 'UnreadableAnswer', 'Unexpected'],
  throttle: [
    'ProvisionedThroughputExceededException',
    'ThrottlingException',
    'LimitExceededException',
    'KMSThrottlingException',
  ],
  credentials: [
    'ExpiredTokenException',
    'UnrecognizedClientException',
    'InvalidSignatureException',
    'RequestTimeTooSkewed',
  ],
  park: [
    'MissingCredentials',
    'AccessDeniedException',
    'ResourceNotFoundException',
    'KMSDisabledException',
    'KMSNotFoundException',
  ],
  invalid: [
    'ValidationException',
    'InvalidArgumentException',
    'SerializationException',
    'RequestEntityTooLargeException',
  ],
};
const CLASSES = Object.keys(CODES) as FailureClass[];

test.each(CLASSES)('knows the codes of class %s', (failure) => {
  for (const code of CODES[failure]) expect(classifyFailure(code), code).toBe(failure);
});

test.each([
  [400, 'park'],
  [401, 'park'],
  [403, 'park'],
  [404, 'park'],
  [413, 'invalid'],
  [429, 'throttle'],
  [500, 'transient'],
  [503, 'transient'],
  [200, 'transient'],
  [undefined, 'transient'],
] as const)('takes status %s of an unknown code for %s', (status, failure) => {
  expect(classifyFailure('Http', status)).toBe(failure);
});

test('goes by the code rather than the status', () => {
  expect(classifyFailure('ProvisionedThroughputExceededException', 400)).toBe('throttle');
  expect(classifyFailure('ExpiredTokenException', 400)).toBe('credentials');
});

test.each(['constructor', 'toString', '__proto__'])('takes the code %s for an unknown one', (code) => {
  expect(classifyFailure(code)).toBe('transient');
});

test('draws each pause from the whole range, which doubles up to 5 s', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  assertProperty(
    fc.property(fc.constantFrom(...CLASSES), fc.nat({ max: 30 }), random, (failure, attempt, share) => {
      const base = { transient: 50, throttle: 200, reconnect: 0, credentials: 0, park: 0, invalid: 0 }[failure];
      const range = Math.min(base * 2 ** attempt, 5_000);
      const pause = pauseBeforeRetry(failure, attempt, () => share);
      expect(pause).toBe(Math.floor(share * range));
      expect(pause).toBeLessThanOrEqual(5_000);
    }),
  );
});
