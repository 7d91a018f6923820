import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { afterAspects } from './after-aspects';
import { managedPolicyCount } from './role-policies';
import { WARNING, warn } from './warnings';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: unless raised, at most to 25 */
const QUOTA = 10;

/** Counted at the end, with the policies that come after ours: an eleventh fails only at deployment. */
export function watchPolicyQuota(fn: lambda.IFunction, role: iam.IRole): void {
  afterAspects(fn, () => {
    const count = managedPolicyCount(role);
    if (count < QUOTA) return;
    warn(
      fn,
      WARNING.policyQuota,
      `the role of this function has ${count} managed policies, and IAM allows ${QUOTA} unless the quota is raised: use PermissionMode.INLINE, which takes none of these places`,
    );
  });
}
