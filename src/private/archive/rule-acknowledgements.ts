import { type CfnResource, Stack } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { ArchiveDelivery } from './archive-delivery';
import type { ArchiveLayout } from './archive-layout';

/** Read by cdk-nag 3; the constant of the core is younger than the oldest core that we support. */
const ACKNOWLEDGED_RULES = 'aws:cdk:acknowledged-rules';

/** What no archive can do otherwise is acknowledged here, with the reason; everything else is the user's to judge. */
export function acknowledgeRules(
  { deliveryStream, policy }: ArchiveDelivery,
  bucket: s3.IBucket,
  layout: ArchiveLayout,
) {
  acknowledge(deliveryStream, {
    'AwsSolutions-KDF1':
      'Encryption at rest of a Firehose fed by a data stream is that of the data stream; AWS refuses both',
  });
  const ours = bucket.node.defaultChild as CfnResource | undefined;
  if (ours === undefined || Stack.of(ours) !== Stack.of(policy)) return;
  const logicalId = Stack.of(ours).getLogicalId(ours);
  const reason = 'Firehose chooses the keys of the objects; the right is narrowed to the prefix';
  acknowledge(policy.node.defaultChild as CfnResource, {
    [`AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${layout.events}*]`]: reason,
    [`AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${layout.errors}*]`]: reason,
  });
}

/** For cdk-nag 3 and for cdk-nag 2; each is harmless to the other. */
function acknowledge(resource: CfnResource, rules: Record<string, string>): void {
  resource.node.addMetadata(ACKNOWLEDGED_RULES, rules);
  resource.addMetadata('cdk_nag', {
    rules_to_suppress: Object.entries(rules).map(([finding, reason]) => {
      const [, id, appliesTo] = /^([^[]+)(?:\[(.*)\])?$/.exec(finding) ?? [];
      return { id, reason, ...(appliesTo === undefined ? {} : { applies_to: [appliesTo] }) };
    }),
  });
}
