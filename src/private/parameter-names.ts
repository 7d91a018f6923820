import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { telemetryError } from './errors';

export const DEFAULT_PARAMETER_PREFIX = '/telemetry/kinesis';

/** Names of the SSM parameters that carry the extension to other stacks. */
export interface ParameterNames {
  readonly layerVersionArn: string;
  readonly managedPolicyArn: string;
  readonly streamArn: string;
}

export function parameterNames(scope: IConstruct, prefix: string = DEFAULT_PARAMETER_PREFIX): ParameterNames {
  validatePrefix(scope, prefix);
  return {
    layerVersionArn: `${prefix}/extension/arn`,
    managedPolicyArn: `${prefix}/runtime/policy/arn`,
    streamArn: `${prefix}/stream/arn`,
  };
}

// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html: 15 levels, of which
// we add three, 1,011 characters with the ARN's beginning, no name that begins with aws or ssm
const MAX_LEVELS = 12;
const MAX_LENGTH = 900;

function validatePrefix(scope: IConstruct, prefix: string): void {
  if (Token.isUnresolved(prefix)) return;
  const levels = prefix.split('/').length - 1;
  const isPath = /^(\/[a-zA-Z0-9_.-]+)+$/.test(prefix) && !/^\/(aws|ssm)/i.test(prefix);
  if (isPath && levels <= MAX_LEVELS && prefix.length <= MAX_LENGTH) return;
  throw telemetryError(scope, {
    code: 'KTE_PARAMETER_PREFIX',
    wrong: 'Systems Manager does not accept names with this parameterPrefix',
    found: JSON.stringify(prefix),
    allowed: `a path such as ${DEFAULT_PARAMETER_PREFIX}: a leading slash, no trailing one, a-z A-Z 0-9 _ . - between slashes, at most ${MAX_LEVELS} levels and ${MAX_LENGTH} characters, not beginning with /aws or /ssm`,
    instead: 'choose another prefix, or leave it out for the default',
  });
}
