import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface DeliveryLog {
  readonly group: logs.LogGroup;
  readonly streamName: string;
  readonly streamArn: string;
}

/** Where Firehose says what it could not deliver. It writes to a log stream that is there; it creates none. */
export function createDeliveryLog(
  scope: Construct,
  props: { readonly retention?: logs.RetentionDays; readonly encryptionKey?: kms.IKey },
): DeliveryLog {
  const { retention = logs.RetentionDays.ONE_MONTH, encryptionKey } = props;
  if (encryptionKey) letLogsUse(encryptionKey, scope);
  const removalPolicy = RemovalPolicy.DESTROY;
  const group = new logs.LogGroup(scope, 'DeliveryLog', { retention, encryptionKey, removalPolicy });
  const stream = new logs.LogStream(scope, 'DeliveryLogStream', { logGroup: group, removalPolicy });
  const streamArn = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${group.logGroupName}:log-stream:${stream.logStreamName}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { group, streamName: stream.logStreamName, streamArn };
}

/**
 * CDK does not do it for log groups. For all of the account's log groups: the ARN of this one would need the key first.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function letLogsUse(key: kms.IKey, scope: Construct): void {
  const stack = Stack.of(scope);
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('logs.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        },
      },
    }),
    true,
  );
}
