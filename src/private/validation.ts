import { type Duration, type Size, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { telemetryError } from './errors';

// Tokens are let through everywhere: their values are known only at deployment, where the extension checks again.

/** Refuses the value of one option. */
export function optionError(scope: IConstruct, option: string, found: unknown, allowed: string): Error {
  return telemetryError(scope, {
    code: 'KTE_OPTION',
    wrong: `the option "${option}" cannot have this value`,
    found: typeof found === 'string' ? JSON.stringify(found) : String(found),
    allowed,
    instead: `give "${option}" an allowed value, or leave it out to use the default`,
  });
}

export function durationInMs(scope: IConstruct, option: string, value: Duration, minMs: number, maxMs: number): number {
  const ms = value.toMilliseconds({ integral: false });
  const allowed = `a whole number of milliseconds from ${group(minMs)} to ${group(maxMs)}`;
  return wholeNumber(scope, option, ms, minMs, maxMs, `${ms} ms`, allowed);
}

export function sizeInBytes(
  scope: IConstruct,
  option: string,
  value: Size,
  minBytes: number,
  maxBytes: number,
): number {
  const bytes = value.toBytes();
  const allowed = `${group(minBytes)} to ${group(maxBytes)} bytes`;
  return wholeNumber(scope, option, bytes, minBytes, maxBytes, `${bytes} bytes`, allowed);
}

export function wholeNumber(
  scope: IConstruct,
  option: string,
  value: number,
  min: number,
  max: number,
  found = `${value}`,
  allowed = `a whole number from ${group(min)} to ${group(max)}`,
): number {
  if (Token.isUnresolved(value) || (Number.isInteger(value) && value >= min && value <= max)) return value;
  throw optionError(scope, option, found, allowed);
}

export function oneOf<T extends string>(scope: IConstruct, option: string, value: T, choices: Record<string, T>): T {
  if (Token.isUnresolved(value) || Object.values(choices).includes(value)) return value;
  throw optionError(scope, option, value, Object.values(choices).join(', '));
}

function group(value: number): string {
  return value.toLocaleString('en-US');
}
