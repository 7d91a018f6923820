import { Stack, Token } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { RecordFormat } from '../../record-format';
import { telemetryError } from '../errors';
import { likeness } from '../likeness';
import { streamResource } from '../stream-resource';

const MANAGED_KEY = 'alias/aws/kinesis';

/**
 * Refuses streams from which AWS makes no channel. Of an imported stream only account and Region are known.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/data-delivery-quotas.html
 */
export function checkSource(scope: IConstruct, stream: kinesis.IStream, recordFormat: RecordFormat): void {
  checkPlace(scope, stream);
  checkCapacityMode(scope, stream);
  checkKey(scope, stream);
  if (recordFormat !== RecordFormat.NDJSON_GZIP) return;
  throw telemetryError(scope, {
    code: 'KTE_CHANNEL_FORMAT',
    wrong: 'AWS does not say whether a channel writes something between records; in gzip members any byte is damage',
    found: 'recordFormat NDJSON_GZIP',
    allowed: 'RecordFormat.NDJSON or JSON: the channel compresses whole objects',
    instead: 'let the functions write NDJSON, or use TelemetryArchive, which joins gzip members',
  });
}

function checkPlace(scope: IConstruct, stream: kinesis.IStream): void {
  const { account, region } = Stack.of(scope);
  if (likeness(stream.env.region, region) === 'different') {
    throw regionError(scope, `a stream in ${stream.env.region}, a channel in ${region}`);
  }
  if (likeness(stream.env.account, account) === 'different') {
    throw telemetryError(scope, {
      code: 'KTE_CHANNEL_ACCOUNT',
      wrong: 'a channel reads streams of its own account alone',
      found: `a stream in ${stream.env.account}, a channel in ${account}`,
      allowed: 'a stream in the account of the channel; the bucket may be in another one',
      instead: 'put the channel into a stack of the account of the stream',
    });
  }
}

/** Refuses a bucket of another Region; of another account it may be. */
export function checkBucket(scope: IConstruct, bucket: s3.IBucket | undefined): void {
  const { region } = Stack.of(scope);
  if (likeness(bucket?.env.region, region) !== 'different') return;
  throw regionError(scope, `a bucket in ${bucket?.env.region}, a channel in ${region}`);
}

function regionError(scope: IConstruct, found: string): Error {
  return telemetryError(scope, {
    code: 'KTE_CHANNEL_REGION',
    wrong: 'a channel does not cross Regions',
    found,
    allowed: 'stream, channel and bucket in one Region',
    instead: 'put the channel and its bucket into the Region of the stream',
  });
}

function checkCapacityMode(scope: IConstruct, stream: kinesis.IStream): void {
  const resource = streamResource(stream);
  if (!resource) return;
  const details = Stack.of(resource).resolve(resource.streamModeDetails) as { streamMode?: unknown } | undefined;
  const mode = details === undefined ? 'PROVISIONED' : details.streamMode; // the default of CloudFormation
  if (mode !== 'PROVISIONED') return;
  throw telemetryError(scope, {
    code: 'KTE_CHANNEL_PROVISIONED',
    wrong: 'a channel reads on-demand streams alone',
    found: `the provisioned stream ${stream.node.path}`,
    allowed: 'a stream with StreamMode.ON_DEMAND',
    instead: 'give the stream "streamMode: StreamMode.ON_DEMAND", or use TelemetryArchive',
  });
}

/** @see https://docs.aws.amazon.com/streams/latest/dev/data-delivery-security.html */
function checkKey(scope: IConstruct, stream: kinesis.IStream): void {
  const resource = streamResource(stream);
  if (!resource) return;
  // resolved and searched: the default of CDK's Stream is a condition with the key in one of its branches
  const encryption = JSON.stringify(Stack.of(resource).resolve(resource.streamEncryption)) ?? '';
  if (!encryption.includes(MANAGED_KEY)) return;
  throw telemetryError(scope, {
    code: 'KTE_CHANNEL_KEY',
    wrong: 'AWS makes no channel from a stream that is encrypted with its own key',
    found: `the stream ${stream.node.path} with ${MANAGED_KEY}`,
    allowed: 'a stream with a customer key, or without encryption',
    instead: 'give the stream a key ("streamProps: { encryptionKey: new kms.Key(...) }"), or use TelemetryArchive',
  });
}

/** Whether two constructs stand for one stream: the same, or two imports of one name. */
export function isSameStream(one: kinesis.IStream, other: kinesis.IStream): boolean {
  return one === other || (!Token.isUnresolved(one.streamArn) && one.streamArn === other.streamArn);
}
