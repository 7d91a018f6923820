import type * as kms from 'aws-cdk-lib/aws-kms';

/** The ARNs of the keys that there are, each once. */
export function keyArns(...keys: (kms.IKey | undefined)[]): string[] {
  const arns = keys.map((key) => key?.keyArn).filter((arn) => arn !== undefined);
  return [...new Set(arns)];
}
