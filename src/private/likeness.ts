import { Token } from 'aws-cdk-lib';

/** Whether two accounts or Regions are the same, as far as synth can know: tokens are alike only when identical. */
export function likeness(a: string | undefined, b: string | undefined): 'same' | 'different' | 'unknown' {
  if (a === undefined || b === undefined) return 'unknown';
  if (a === b) return 'same';
  return Token.isUnresolved(a) || Token.isUnresolved(b) ? 'unknown' : 'different';
}
