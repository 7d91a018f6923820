import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const LIBRARY = 'cdk-kinesis-telemetry-extension';

/**
 * Ids of the warnings, stable across releases. Silence one with
 * `Annotations.of(scope).acknowledgeWarning('cdk-kinesis-telemetry-extension:<id>', 'reason')`.
 */
export const WARNING = {
  /** The runtime is a token or unknown to this library: nobody can tell whether it has Node.js. */
  unknownRuntime: `${LIBRARY}:unknown-runtime`,
  /** A Node.js runtime older than those the extension is tested on. */
  oldRuntime: `${LIBRARY}:old-runtime`,
  /** The role of a function takes no policies from CDK. */
  roleIgnoresPolicies: `${LIBRARY}:role-ignores-policies`,
  /** The role of a function has as many managed policies as IAM allows unless the quota is raised. */
  policyQuota: `${LIBRARY}:policy-quota`,
  /** A function is kept from writing to CloudWatch Logs (`denyCloudWatchLogs`). */
  cloudWatchLogsDenied: `${LIBRARY}:cloudwatch-logs-denied`,
  /** That deny hits others which have the same role. */
  cloudWatchLogsDeniedToOthers: `${LIBRARY}:cloudwatch-logs-denied-to-others`,
  /** The extension's own metrics go through the log that is denied. */
  selfMetricsDenied: `${LIBRARY}:self-metrics-denied`,
  /** Monitoring of metrics that the extension of a function does not write. */
  selfMetricsMissing: `${LIBRARY}:self-metrics-missing`,
  /** Layer and function are in different stacks: the export of the layer's ARN locks its next version. */
  crossStackLayer: `${LIBRARY}:cross-stack-layer`,
  /** The stream is in another account, which has to permit the writing too. */
  crossAccountStream: `${LIBRARY}:cross-account-stream`,
  /** The policy of the stream's key does not let the producers use it, and cannot be changed from this app. */
  producerKeyPolicy: `${LIBRARY}:producer-key-policy`,
  /** Functions that the Aspect passed over, with the reasons. */
  aspectSkipped: `${LIBRARY}:aspect-skipped`,
  /** The Aspect found no function to attach to. */
  aspectMatchedNothing: `${LIBRARY}:aspect-matched-nothing`,
  /** Alarms that tell nobody: `alarmActions` is empty. */
  alarmsWithoutActions: `${LIBRARY}:alarms-without-actions`,
} as const;

export function warn(scope: IConstruct, id: (typeof WARNING)[keyof typeof WARNING], text: string): void {
  Annotations.of(scope).addWarningV2(id, text);
}
