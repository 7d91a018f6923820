import { Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { telemetryError } from './errors';
import { likeness } from './likeness';
import { WARNING, warn } from './warnings';
import { keyPolicyConditions, WRITE_ACTION, WRITE_KEY_ACTION } from './write-statements';

/** Lets other accounts and whole organizations write to the stream: a resource policy, and a part of the key's. */
export function allowProducers(
  scope: Construct,
  stream: kinesis.IStream,
  accounts: string[] = [],
  organizations: string[] = [],
): void {
  checkIds(scope, 'producerAccounts', accounts, /^\d{12}$/, '12 digits, such as 210987654321');
  checkIds(scope, 'producerOrganizations', organizations, /^o-[a-z0-9]{10,32}$/, 'ids such as o-a1b2c3d4e5');
  const others = accounts.filter((account) => likeness(account, stream.env.account) !== 'same');
  if (others.length === 0 && organizations.length === 0) return;

  const key = customerKey(scope, stream);
  for (const { sid, props } of statementsFor(others, organizations)) {
    const write = new iam.PolicyStatement({ sid, actions: [WRITE_ACTION], resources: [stream.streamArn], ...props });
    if (!stream.addToResourcePolicy(write).statementAdded) throw importedStreamError(scope);
    allowKey(scope, key, new iam.PolicyStatement({ sid, ...props }), stream);
  }
}

interface ProducerStatement {
  readonly sid: string;
  readonly props: Pick<iam.PolicyStatementProps, 'principals' | 'conditions'>;
}

function statementsFor(accounts: string[], organizations: string[]): ProducerStatement[] {
  const statements: ProducerStatement[] = [];
  if (accounts.length > 0) {
    const principals = accounts.map((account) => new iam.AccountPrincipal(account));
    statements.push({ sid: 'TelemetryFromAccounts', props: { principals } });
  }
  if (organizations.length > 0) {
    const conditions = { StringEquals: { 'aws:PrincipalOrgID': organizations } };
    statements.push({
      sid: 'TelemetryFromOrganizations',
      props: { principals: [new iam.AnyPrincipal()], conditions },
    });
  }
  return statements;
}

/** For streams of the stream's account, not for the one: its ARN in the policy of its own key would be a cycle. */
function allowKey(scope: Construct, key: kms.IKey, statement: iam.PolicyStatement, stream: kinesis.IStream): void {
  statement.addActions(WRITE_KEY_ACTION);
  statement.addResources('*'); // in the policy of a key: this key
  statement.addConditions(keyPolicyConditions(stream));
  if (key.addToResourcePolicy(statement).statementAdded) return;
  warn(
    scope,
    WARNING.producerKeyPolicy,
    `the policy of the stream's key ${Token.isUnresolved(key.keyArn) ? key.node.path : key.keyArn} cannot be changed from this app: allow the producers ${WRITE_KEY_ACTION} there`,
  );
}

function customerKey(scope: Construct, stream: kinesis.IStream): kms.IKey {
  if (stream.encryptionKey) return stream.encryptionKey;
  throw telemetryError(scope, {
    code: 'KTE_PRODUCER_KEY',
    wrong: 'other accounts can write only to a stream that is encrypted with a customer key',
    found: 'a stream without encryptionKey: the AWS managed key cannot be used from other accounts',
    allowed: 'producers of other accounts together with a customer key',
    instead:
      'give streamProps: { encryptionKey: new kms.Key(...) }, or a stream that has one; or take producerAccounts and producerOrganizations out',
  });
}

function importedStreamError(scope: Construct): Error {
  return telemetryError(scope, {
    code: 'KTE_PRODUCERS',
    wrong: 'the resource policy of an imported stream cannot be changed from this app: it could overwrite another one',
    found: 'an imported stream',
    allowed: 'producerAccounts and producerOrganizations for a stream that is defined in this app',
    instead: 'give them where the stream is defined, or write a kinesis.ResourcePolicy for the stream yourself',
  });
}

function checkIds(scope: Construct, prop: string, ids: string[], pattern: RegExp, allowed: string): void {
  const bad = ids.find((id) => !Token.isUnresolved(id) && !pattern.test(id));
  if (bad === undefined) return;
  throw telemetryError(scope, {
    code: 'KTE_PRODUCERS',
    wrong: `"${prop}" has an entry that is no such id`,
    found: JSON.stringify(bad),
    allowed,
    instead: 'correct the id, or take it out',
  });
}
