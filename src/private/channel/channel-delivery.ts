import { ArnFormat, type CfnResource, Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { acknowledgePrefixes } from '../archive/rule-acknowledgements';
import { channelClass } from './channel-class';
import { type ChannelTargets, channelStatements } from './channel-statements';

/** By the clock of Kinesis, UTC: the folders of `TelemetryArchive`, so that table and queries are the same. */
const PARTITION_PREFIX = 'dt=!{yyyy}-!{MM}-!{dd}/hour=!{HH}/';

export interface ChannelDelivery {
  readonly channel: CfnResource;
  readonly channelName: string;
}

/** A channel from stream to bucket, with the role that it takes. */
export function createChannel(
  scope: Construct,
  props: ChannelTargets & { readonly freshnessSeconds: number },
): ChannelDelivery {
  const { stream, bucket, layout, log } = props;
  const Channel = channelClass(scope);
  const role = new iam.Role(scope, 'ChannelRole', {
    description: 'Lets a Kinesis channel carry telemetry from the stream to the archive',
    assumedBy: new iam.ServicePrincipal('kinesis.amazonaws.com', { conditions: onlyForChannels(scope) }),
  });
  const policy = new iam.ManagedPolicy(scope, 'ChannelPolicy', {
    description: 'Lets a Kinesis channel write the telemetry archive',
    roles: [role],
    statements: channelStatements(scope, props),
  });
  const owner = { bucketArn: bucket.bucketArn, expectedBucketOwner: bucket.env.account };
  const channelName = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
  const channel = new Channel(scope, 'Channel', {
    channelName, // Kinesis gives none itself
    serviceExecutionRoleArn: role.roleArn,
    // STRING, which passes lines on as they are: JSON takes one document a record, and NDJSON has several
    streamConfigurationList: [{ streamArn: stream.streamArn, recordConfiguration: { recordFormatType: 'STRING' } }],
    s3DestinationConfiguration: {
      dataFreshnessInSeconds: props.freshnessSeconds,
      storageConfiguration: {
        ...owner,
        compressionType: 'GZIP',
        outputKeyTemplate: `${layout.events}${PARTITION_PREFIX}!{channel-name}!{extension:${layout.fileExtension}}`,
      },
      deadLetterQueueS3Configuration: { ...owner, errorOutputPrefix: layout.errors },
    },
    encryptionConfiguration: bucket.encryptionKey && { encryptionType: 'KMS', keyId: bucket.encryptionKey.keyArn },
    loggingConfiguration: {
      cloudWatchLogs: { enabled: true, logGroupName: log.group.logGroupName, logStreamName: log.streamName },
    },
  } satisfies kinesis.CfnChannelProps);
  channel.node.addDependency(policy); // Kinesis tries the rights when it creates the channel
  const reason = 'Kinesis ends the keys of the objects with a suffix of its own; the right is narrowed to the prefix';
  acknowledgePrefixes(policy, bucket, layout, reason);
  return { channel, channelName };
}

/** Against a confused deputy. The id of the channel is not known before it is there, and it wants the role first. */
function onlyForChannels(scope: Construct): iam.Conditions {
  const stack = Stack.of(scope);
  const channels = stack.formatArn({
    service: 'kinesis',
    resource: 'channel',
    resourceName: '*',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return { StringEquals: { 'aws:SourceAccount': stack.account }, ArnLike: { 'aws:SourceArn': channels } };
}
