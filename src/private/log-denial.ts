import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { afterAspects } from './after-aspects';
import { attachmentOf } from './attachment';
import { addStatements, isOwnedRole } from './role-policies';
import { WARNING, warn } from './warnings';

const LOG_ACTIONS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * Keeps the function from writing to CloudWatch Logs. On all log groups: the name of the function's own is known only
 * when the function is there, and the function waits for its policy.
 */
export function denyLogs(fn: lambda.IFunction, writesSelfMetrics: boolean): void {
  const { role } = fn;
  const deny = new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: LOG_ACTIONS, resources: ['*'] });
  if (role === undefined || !addStatements(role, [deny])) {
    warn(
      fn,
      WARNING.roleIgnoresPolicies,
      `the role of this function takes no policies from CDK: its logs go on to CloudWatch until you deny ${LOG_ACTIONS.join(', ')} in it`,
    );
    return;
  }
  warn(
    fn,
    WARNING.cloudWatchLogsDenied,
    "this function's logs reach the Kinesis stream alone. Given up: the Logs tab, Logs Insights and Live Tail, metric filters, subscriptions, embedded metrics, Lambda Insights, and the lines in which the extension tells of its own trouble",
  );
  if (writesSelfMetrics) {
    warn(
      fn,
      WARNING.selfMetricsDenied,
      'SelfMetrics.EMF reaches CloudWatch through the log of this function, which "denyCloudWatchLogs" denies: there will be no such metrics, and an alarm on them stays green; take one of the two out',
    );
  }
  warnOnSharing(fn, role);
}

/** The deny hits whatever else has the role; who that is stands fast only when the tree is complete. */
function warnOnSharing(fn: lambda.IFunction, role: iam.IRole): void {
  if (!isOwnedRole(role)) {
    const text = 'the role of this function is imported: CloudWatch Logs is denied to everything else that has it, too';
    warn(fn, WARNING.cloudWatchLogsDeniedToOthers, text);
    return;
  }
  afterAspects(fn, () => {
    const others = functionsWith(role, fn.node.root).filter(
      (other) => attachmentOf(other)?.denyCloudWatchLogs === undefined,
    );
    if (others.length === 0) return;
    const paths = others.map((other) => other.node.path).join(', ');
    warn(
      fn,
      WARNING.cloudWatchLogsDeniedToOthers,
      `CloudWatch Logs is denied to ${paths} too, which shares the role of this function: give this one a role of its own`,
    );
  });
}

function functionsWith(role: iam.IRole, root: IConstruct): lambda.Function[] {
  return root.node
    .findAll()
    .filter((c): c is lambda.Function => c instanceof lambda.Function && c.role?.roleArn === role.roleArn);
}
