import { CfnResource, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

// Roles that ignore policies do so without a word, so the effect is looked for in the L1, not the class.

/** Whether the role, or the policy, lists the other afterwards. */
export function attachManagedPolicy(role: iam.IRole, policy: iam.IManagedPolicy): boolean {
  role.addManagedPolicy(policy);
  return (
    resourcesUnder(role, 'AWS::IAM::Role').some((r) => lists(r, 'managedPolicyArns', policy.managedPolicyArn)) ||
    resourcesUnder(policy, 'AWS::IAM::ManagedPolicy').some((p) => lists(p, 'roles', role.roleName))
  );
}

/** Whether the role has an inline policy afterwards. */
export function addStatements(role: iam.IRole, statements: iam.PolicyStatement[]): boolean {
  for (const statement of statements) role.addToPrincipalPolicy(statement);
  return resourcesUnder(role, 'AWS::IAM::Policy').length > 0;
}

/** Whether the role is defined in this app. */
export function isOwnedRole(role: iam.IRole): boolean {
  return resourcesUnder(role, 'AWS::IAM::Role').length > 0;
}

/** How many managed policies stand on a role of this app; those attached from the policy's side are not counted. */
export function managedPolicyCount(role: iam.IRole): number {
  const arns = resourcesUnder(role, 'AWS::IAM::Role').map((r) => resolved(r, 'managedPolicyArns'));
  return arns.flatMap((list) => (Array.isArray(list) ? list : [])).length;
}

function resourcesUnder(construct: iam.IRole | iam.IManagedPolicy, type: string): CfnResource[] {
  return construct.node
    .findAll()
    .filter((c): c is CfnResource => CfnResource.isCfnResource(c) && c.cfnResourceType === type);
}

function lists(resource: CfnResource, property: 'managedPolicyArns' | 'roles', value: string): boolean {
  const values = resolved(resource, property);
  const wanted = JSON.stringify(Stack.of(resource).resolve(value));
  return Array.isArray(values) && values.some((entry) => JSON.stringify(entry) === wanted);
}

function resolved(resource: CfnResource, property: 'managedPolicyArns' | 'roles'): unknown {
  return Stack.of(resource).resolve((resource as unknown as Record<string, unknown>)[property]);
}
