import { Stack } from 'aws-cdk-lib';
import type { Complaint } from './errors';
import { type AttachableFunction, environmentOf, rendersAlike } from './function-target';

/** Refuses a second attachment that differs from the first in one of these names. */
export function attachedRefusal(
  fn: AttachableFunction,
  names: string[],
  before: Record<string, string>,
  now: Record<string, string>,
): Complaint | undefined {
  const differing = names.filter((name) => !rendersAlike(fn, before[name], now[name]));
  if (differing.length === 0) return undefined;
  return {
    code: 'KTE_ALREADY_ATTACHED',
    wrong: 'a telemetry extension is attached to this function already, with other settings',
    found: `a second call that differs in ${differing.join(', ')}`,
    allowed:
      'one stream and one set of options a function; a repeated call with the same ones, or without any, does nothing',
    instead: 'attach once, with all overrides in that call',
  };
}

/** CDK's addEnvironment overwrites in silence: what somebody else has set is not ours to replace. */
export function variableRefusal(fn: AttachableFunction, environment: Record<string, string>): Complaint | undefined {
  const standing = environmentOf(fn);
  for (const [name, value] of Object.entries(environment)) {
    if (!(name in standing) || rendersAlike(fn, standing[name], value)) continue;
    return {
      code: 'KTE_VARIABLE_TAKEN',
      wrong: `the function has an environment variable ${name} with another value`,
      found: JSON.stringify(standing[name]),
      allowed: `${name} unset, or ${JSON.stringify(Stack.of(fn).resolve(value))}`,
      instead: 'take the variable out of the function and give the value as an option of addToFunction',
    };
  }
  return undefined;
}
