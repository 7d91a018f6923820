import { join } from 'node:path';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  AlarmThreshold,
  KinesisTelemetryAspect,
  KinesisTelemetryExtension,
  TelemetryArchive,
  TelemetryMonitoring,
} from '../../../src'; // elsewhere: 'cdk-kinesis-telemetry-extension'
import { acknowledgeRules } from './acknowledged-rules';
import { functionSettings } from './function-settings';
import { TelemetryWatcher } from './telemetry-watcher';

/** All of it: function, extension, stream, archive with SQL, alarms, and a function that reads the stream. */
export class CompletePipelineStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    // by bucket policy: the ACL that CDK uses without this flag is refused by buckets of today
    this.node.setContext('@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy', true);
    // One key for log groups, archive, topic and queue. The stream keeps the key of AWS, which costs nothing.
    const key = new kms.Key(this, 'Key', { description: 'Telemetry and its archive', enableKeyRotation: true });

    // The stream, and the extension, which the Aspect attaches to every function that is not tagged "off".
    const telemetry = new KinesisTelemetryExtension(this, 'Telemetry');
    const { stream } = telemetry;
    KinesisTelemetryAspect.addTo(this, telemetry);

    // A function that knows nothing of telemetry.
    const orders = new lambda.Function(this, 'Orders', {
      ...functionSettings(this, 'Orders', { description: 'Takes orders', key }),
      code: lambda.Code.fromAsset(join(__dirname, 'orders')),
      handler: 'index.handler',
    });

    // Everything in S3 and in Athena, after five minutes ...
    const serverAccessLogsBucket = accessLogs(this);
    const archive = new TelemetryArchive(this, 'Archive', {
      stream,
      transform: { tags: { app: 'shop' } },
      encryptionKey: key,
      logRetention: RetentionDays.ONE_YEAR,
      serverAccessLogsBucket,
    });

    // ... and what cannot wait so long, after a second or two.
    const watcher = new TelemetryWatcher(this, 'Watcher', { stream, key });

    // Somebody is told when telemetry stops, and when orders fail.
    const topic = alarmTopic(this, key);
    new TelemetryMonitoring(this, 'Monitoring', {
      stream,
      archive,
      functions: [orders],
      thresholds: { functionErrorPercent: AlarmThreshold.of(5) },
      alarmActions: [new SnsAction(topic)],
      dashboard: true,
    });

    acknowledgeRules({ orders, watcher, archive, serverAccessLogsBucket });
    new CfnOutput(this, 'OrdersFunction', { value: orders.functionName });
    new CfnOutput(this, 'WatcherLog', { value: watcher.fn.logGroup.logGroupName });
    new CfnOutput(this, 'ArchiveBucket', { value: archive.bucket.bucketName });
    new CfnOutput(this, 'Workgroup', { value: archive.workgroup.ref });
    new CfnOutput(this, 'Database', { value: archive.databaseName });
    new CfnOutput(this, 'AlarmTopic', { value: topic.topicArn });
  }
}

/** With a policy of its own, as `enforceSSL` gives it one, a topic takes nothing from alarms unless that says so. */
function alarmTopic(scope: Construct, masterKey: kms.IKey): sns.Topic {
  const topic = new sns.Topic(scope, 'Alarms', { masterKey, enforceSSL: true });
  topic.grantPublish(new iam.ServicePrincipal('cloudwatch.amazonaws.com')); // and to use the key
  return topic;
}

function accessLogs(scope: Construct): s3.Bucket {
  return new s3.Bucket(scope, 'AccessLogs', {
    encryption: s3.BucketEncryption.S3_MANAGED, // S3 writes its access logs to no other
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(7) }],
  });
}
