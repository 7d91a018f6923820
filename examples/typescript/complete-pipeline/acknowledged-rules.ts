import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { TelemetryWatcher } from './telemetry-watcher';

/**
 * What cdk-nag finds in this example and what stays so, each with its reason: choices of the owner of an app, which the
 * library does not make. What nobody can do otherwise the library has acknowledged itself.
 */
export function acknowledgeRules(parts: {
  readonly orders: IConstruct;
  readonly watcher: TelemetryWatcher;
  readonly archive: IConstruct;
  readonly serverAccessLogsBucket: IConstruct;
}): void {
  const { orders, watcher, archive, serverAccessLogsBucket } = parts;

  for (const fn of [orders, watcher.fn]) {
    acknowledge(fn, 'LambdaInsideVPC', ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'], {
      reason: 'It reaches AWS alone, over TLS and by its role; a function in a VPC: examples/typescript/vpc-endpoint',
    });
    acknowledge(fn, 'LambdaTracing', ['Serverless'], {
      reason: 'The platform reports in the stream have durations and errors of every invocation, not of a sample',
    });
  }
  acknowledge(orders, 'LambdaDLQ', ['HIPAA.Security', 'NIST.800.53.R5', 'Serverless'], {
    reason: 'It is invoked synchronously: the caller gets the error, and dead letters are for asynchronous invocations',
  });
  acknowledge(watcher.fn, 'LambdaDLQ', ['HIPAA.Security', 'NIST.800.53.R5', 'Serverless'], {
    reason: 'Batches that it cannot read go to the queue Unread, by the event source, which the rule does not see',
  });
  const isDeadLetterQueue = 'It is the dead-letter queue, of an event source: the rule knows those of queues alone';
  acknowledge(watcher.unread, 'SQS3', ['AwsSolutions'], { reason: isDeadLetterQueue });
  acknowledge(watcher.unread, 'SQSRedrivePolicy', ['Serverless'], { reason: isDeadLetterQueue });

  for (const bucket of [archive, serverAccessLogsBucket]) {
    acknowledge(
      bucket,
      'S3BucketReplicationEnabled',
      ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
      {
        reason:
          'Telemetry is kept for a while and not for ever: a second copy in another Region would double what it costs',
      },
    );
    acknowledge(bucket, 'S3BucketDefaultLockEnabled', ['NIST.800.53.R4'], {
      reason:
        'Objects expire by lifecycle rules, and a request of erasure has to be possible; versions are kept for a week',
    });
  }
  acknowledge(serverAccessLogsBucket, 'S3DefaultEncryptionKMS', ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'], {
    reason: 'S3 writes server access logs only to buckets with its own keys (SSE-S3)',
  });
}

function acknowledge(
  construct: IConstruct,
  rule: string,
  packs: string[],
  { reason }: { readonly reason: string },
): void {
  Validations.of(construct).acknowledge(...packs.map((pack) => ({ id: `${pack}-${rule}`, reason })));
}
