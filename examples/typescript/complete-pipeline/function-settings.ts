import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * What the functions of this example have in common: an encrypted log group that keeps a year, a role that may write
 * to it and do what `statements` say, no more. As a managed policy: rule packs want no inline ones.
 */
export function functionSettings(
  scope: Construct,
  name: string,
  props: { readonly description: string; readonly key: kms.IKey; readonly statements?: iam.PolicyStatement[] },
) {
  const { description, key, statements = [] } = props;
  const logGroup = new LogGroup(scope, `${name}Log`, { retention: RetentionDays.ONE_YEAR, encryptionKey: key });
  const role = new iam.Role(scope, `${name}Role`, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  new iam.ManagedPolicy(scope, `${name}Policy`, {
    description,
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      ...statements,
    ],
  });
  return {
    description,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    role,
    logGroup,
    loggingFormat: lambda.LoggingFormat.JSON,
    memorySize: 256,
    timeout: Duration.seconds(10),
    reservedConcurrentExecutions: 10, // a bound to what an error can cost
  } satisfies lambda.FunctionOptions & { runtime: lambda.Runtime };
}
