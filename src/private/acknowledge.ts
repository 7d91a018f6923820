import type { CfnResource } from 'aws-cdk-lib';

/** Read by cdk-nag 3; the constant of the core is younger than the oldest core that we support. */
const ACKNOWLEDGED_RULES = 'aws:cdk:acknowledged-rules';

/**
 * Says of findings of cdk-nag, by their id, why nothing else is possible. For cdk-nag 3 and for cdk-nag 2; each is
 * harmless to the other.
 */
export function acknowledge(resource: CfnResource, rules: Record<string, string>): void {
  resource.node.addMetadata(ACKNOWLEDGED_RULES, rules);
  resource.addMetadata('cdk_nag', {
    rules_to_suppress: Object.entries(rules).map(([finding, reason]) => {
      const [, id, appliesTo] = /^([^[]+)(?:\[(.*)\])?$/.exec(finding) ?? [];
      return { id, reason, ...(appliesTo === undefined ? {} : { applies_to: [appliesTo] }) };
    }),
  });
}
