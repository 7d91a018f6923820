import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { optionError } from '../validation';

/** Of `ErrorOutputPrefix`, the shorter of the two; beyond it `errors/` has to fit. */
const MAX_LENGTH = 512 - 'errors/'.length;

/**
 * The prefix stands before the keys of events and of errors. AWS takes fewer characters there than S3 does, `=` for
 * example in the first and not in the second.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/data-delivery-s3-key-template.html
 */
export function checkChannelPrefix(scope: IConstruct, prefix: string): void {
  if (prefix === '' || Token.isUnresolved(prefix)) return;
  const segments = prefix.split('/').slice(0, -1);
  const fits = prefix.length <= MAX_LENGTH && prefix.endsWith('/');
  if (fits && segments.every((segment) => /^[a-zA-Z0-9._-]+$/.test(segment) && !/^\.+$|\.\./.test(segment))) return;
  throw optionError(
    scope,
    'prefix',
    prefix,
    `letters, digits and . _ - in segments that each end with a slash, without "..", ${MAX_LENGTH} characters at most`,
  );
}
