import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as firehose from 'aws-cdk-lib/aws-kinesisfirehose';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ArchiveFormat } from '../../archive-format';
import type { ArchiveCatalog } from './archive-catalog';
import { type ArchiveLayout, PARTITION_PREFIX } from './archive-layout';
import type { ArchiveTransform } from './archive-transform';
import type { DeliveryLog } from './delivery-log';
import { deliveryStatements } from './delivery-statements';

export interface ArchiveDeliveryProps {
  readonly stream: kinesis.IStream;
  readonly bucket: s3.IBucket;
  readonly layout: ArchiveLayout;
  readonly format: ArchiveFormat;
  readonly catalog: ArchiveCatalog;
  readonly log: DeliveryLog;
  readonly transform?: ArchiveTransform;
  readonly bufferSeconds: number;
  readonly bufferMib: number;
}

export interface ArchiveDelivery {
  readonly deliveryStream: firehose.CfnDeliveryStream;
  readonly policy: iam.ManagedPolicy;
}

/**
 * Firehose from stream to bucket. From L1s: the L2 adds a mapping of CIDR blocks that the core's own linter warns
 * about, rights that nothing uses, and inline policies.
 */
export function createDelivery(scope: Construct, props: ArchiveDeliveryProps): ArchiveDelivery {
  const { stream, bucket, layout, format, catalog, log, transform } = props;
  const role = new iam.Role(scope, 'DeliveryRole', {
    description: 'Lets Firehose carry telemetry from the stream to the archive',
    assumedBy: new iam.ServicePrincipal('firehose.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  });
  const converts = format === ArchiveFormat.PARQUET;
  const policy = new iam.ManagedPolicy(scope, 'DeliveryPolicy', {
    description: 'Lets Firehose read the telemetry stream and write the archive',
    roles: [role],
    statements: deliveryStatements(scope, {
      stream,
      bucket,
      layout,
      logStreamArn: log.streamArn,
      schemaArns: converts ? catalog.arns : undefined,
      transformArn: transform?.fn.functionArn,
    }),
  });
  const deliveryStream = new firehose.CfnDeliveryStream(scope, 'Delivery', {
    deliveryStreamType: 'KinesisStreamAsSource',
    kinesisStreamSourceConfiguration: { kinesisStreamArn: stream.streamArn, roleArn: role.roleArn },
    extendedS3DestinationConfiguration: {
      bucketArn: bucket.bucketArn,
      roleArn: role.roleArn,
      prefix: `${layout.events}${PARTITION_PREFIX}`,
      errorOutputPrefix: `${layout.errors}!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/`,
      fileExtension: layout.fileExtension,
      compressionFormat: layout.compression,
      bufferingHints: { intervalInSeconds: props.bufferSeconds, sizeInMBs: props.bufferMib },
      encryptionConfiguration: bucket.encryptionKey
        ? { kmsEncryptionConfig: { awskmsKeyArn: bucket.encryptionKey.keyArn } }
        : undefined,
      cloudWatchLoggingOptions: {
        enabled: true,
        logGroupName: log.group.logGroupName,
        logStreamName: log.streamName,
      },
      processingConfiguration: transform && processing(transform, role),
      dataFormatConversionConfiguration: converts ? conversion(scope, catalog, role) : undefined,
    },
  });
  // Firehose tries its rights when it is created
  deliveryStream.node.addDependency(policy);
  if (converts) deliveryStream.node.addDependency(catalog.table);
  return { deliveryStream, policy };
}

function processing(
  { parameters }: ArchiveTransform,
  role: iam.IRole,
): firehose.CfnDeliveryStream.ProcessingConfigurationProperty {
  const caller = { parameterName: 'RoleArn', parameterValue: role.roleArn };
  return { enabled: true, processors: [{ type: 'Lambda', parameters: [...parameters, caller] }] };
}

/** @see https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html */
function conversion(
  scope: Construct,
  { databaseName, tableName }: ArchiveCatalog,
  role: iam.IRole,
): firehose.CfnDeliveryStream.DataFormatConversionConfigurationProperty {
  const { account, region } = Stack.of(scope);
  return {
    enabled: true,
    inputFormatConfiguration: { deserializer: { openXJsonSerDe: { caseInsensitive: false } } },
    outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
    schemaConfiguration: {
      catalogId: account,
      databaseName,
      tableName,
      region,
      roleArn: role.roleArn,
      versionId: 'LATEST',
    },
  };
}
