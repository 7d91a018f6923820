import { type CfnResource, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledge } from '../acknowledge';
import type { ArchiveDelivery } from './archive-delivery';
import type { ArchiveLayout } from './archive-layout';
import type { ArchiveTransform } from './archive-transform';

/** What no archive can do otherwise is acknowledged here, with the reason; everything else is the user's to judge. */
export function acknowledgeRules(
  { deliveryStream, policy }: ArchiveDelivery,
  bucket: s3.IBucket,
  layout: ArchiveLayout,
  transform?: ArchiveTransform,
): void {
  acknowledge(deliveryStream, {
    'AwsSolutions-KDF1':
      'Encryption at rest of a Firehose fed by a data stream is that of the data stream; AWS refuses both',
  });
  if (transform) acknowledge(transform.fn.node.defaultChild as CfnResource, TRANSFORM_RULES);
  const reason = 'Firehose chooses the keys of the objects; the right is narrowed to the prefix';
  acknowledgePrefixes(policy, bucket, layout, reason);
}

/**
 * A right to write below a prefix ends with a wildcard, which AwsSolutions points out by the logical id of the bucket.
 */
export function acknowledgePrefixes(
  policy: iam.ManagedPolicy,
  bucket: s3.IBucket,
  layout: ArchiveLayout,
  reason: string,
): void {
  const ours = bucket.node.defaultChild as CfnResource | undefined;
  if (ours === undefined || Stack.of(ours) !== Stack.of(policy)) return;
  const logicalId = Stack.of(ours).getLogicalId(ours);
  acknowledge(policy.node.defaultChild as CfnResource, {
    [`AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${layout.events}*]`]: reason,
    [`AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${layout.errors}*]`]: reason,
  });
}

const TRANSFORM_RULES = {
  ...ofPacks('LambdaDLQ', ['HIPAA.Security', 'NIST.800.53.R5', 'Serverless'], {
    reason: 'Firehose invokes synchronously, for which there are no dead letters: what fails is kept under errors/',
  }),
  ...ofPacks('LambdaInsideVPC', ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'], {
    reason: 'The function opens no connections: it answers with what it was invoked with',
  }),
  ...ofPacks('LambdaConcurrency', ['HIPAA.Security', 'NIST.800.53.R5'], {
    reason:
      'Firehose invokes no more often than the stream fills its buffers; a lower bound would hold up the delivery',
  }),
  ...ofPacks('LambdaTracing', ['Serverless'], {
    reason: 'The function calls nothing that could be traced, and the right to write traces knows no resource but *',
  }),
};

function ofPacks(rule: string, packs: string[], { reason }: { readonly reason: string }): Record<string, string> {
  return Object.fromEntries(packs.map((pack) => [`${pack}-${rule}`, reason]));
}
