import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { PermissionMode } from '../permission-mode';
import { telemetryError } from './errors';
import { likeness } from './likeness';
import { watchPolicyQuota } from './policy-quota';
import { addStatements, attachManagedPolicy, isOwnedRole } from './role-policies';
import type { TelemetryParts } from './telemetry-parts';
import { WARNING, warn } from './warnings';
import { WRITE_ACTION, writeStatements } from './write-statements';

/** Lets the role of the function write to the stream, and says so where CDK would silently do nothing. */
export function givePermissions(fn: lambda.IFunction, telemetry: TelemetryParts): void {
  if (telemetry.permissions === PermissionMode.NONE) return;
  const needed = neededPolicy(telemetry);
  if (fn.role === undefined) {
    throw telemetryError(fn, {
      code: 'KTE_NO_ROLE',
      wrong: 'the function has no role that could get the right to write to the stream',
      found: 'role undefined',
      allowed: 'functions with a role',
      instead: `give the function a role, or attach ${needed} where the role is defined and use permissions: PermissionMode.NONE`,
    });
  }
  const given = managedPolicyFits(fn, fn.role, telemetry)
    ? attachManagedPolicy(fn.role, telemetry.managedPolicy as iam.IManagedPolicy)
    : addStatements(fn.role, writeStatements(telemetry.stream));
  watchPolicyQuota(fn, fn.role);
  if (!given) {
    warn(
      fn,
      WARNING.roleIgnoresPolicies,
      `the role of this function takes no policies from CDK (imported as immutable, or withoutPolicyUpdates): telemetry cannot be written until you attach ${needed} to it`,
    );
  }
  if (likeness(telemetry.stream.env.account, fn.env.account) === 'different') {
    warn(
      fn,
      WARNING.crossAccountStream,
      `the stream is in account ${telemetry.stream.env.account}, the function in ${fn.env.account}: allow ${WRITE_ACTION} there as well and encrypt the stream with a customer key that the function's role may use; the props producerAccounts and producerOrganizations of KinesisTelemetryExtension do so where the stream is defined`,
    );
  }
}

/** A managed policy serves roles of its own account; an imported one cannot be attached to an imported role. */
function managedPolicyFits(fn: lambda.IFunction, role: iam.IRole, telemetry: TelemetryParts): boolean {
  const { permissions, managedPolicy, policyAccount } = telemetry;
  if (permissions !== PermissionMode.MANAGED_POLICY || managedPolicy === undefined) return false;
  if (likeness(policyAccount, fn.env.account) === 'different') return false;
  return 'attachToRole' in managedPolicy || isOwnedRole(role);
}

function neededPolicy({ managedPolicy, stream }: TelemetryParts): string {
  const arn = managedPolicy?.managedPolicyArn;
  if (arn !== undefined) return `the managed policy ${Token.isUnresolved(arn) ? 'telemetry.managedPolicy' : arn}`;
  const streamArn = Token.isUnresolved(stream.streamArn) ? 'telemetry.stream' : stream.streamArn;
  return `a policy with ${WRITE_ACTION} on ${streamArn}`;
}
