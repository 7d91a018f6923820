export { AlarmThreshold, type AlarmThresholdOptions } from './alarm-threshold';
export { ArchiveFormat } from './archive-format';
export { ExtensionLogLevel } from './extension-log-level';
export type { BufferingOptions, ExtensionOptions } from './extension-options';
export { FlushStrategy } from './flush-strategy';
export { FunctionTelemetry } from './function-telemetry';
export { KinesisClientType } from './kinesis-client-type';
export { KinesisTelemetryAspect, type KinesisTelemetryAspectProps } from './kinesis-telemetry-aspect';
export { KinesisTelemetryExtension } from './kinesis-telemetry-extension';
export type { KinesisTelemetryExtensionProps } from './kinesis-telemetry-extension-props';
export type {
  IKinesisTelemetryExtension,
  KinesisTelemetryExtensionAttributes,
  KinesisTelemetryExtensionParameterAttributes,
} from './kinesis-telemetry-extension-ref';
export { PartitionKeyStrategy } from './partition-key-strategy';
export { PermissionMode } from './permission-mode';
export { RecordFormat } from './record-format';
export { SelfMetrics } from './self-metrics';
export { TelemetryArchive } from './telemetry-archive';
export type { TelemetryArchiveProps } from './telemetry-archive-props';
export { TelemetryChannelArchive } from './telemetry-channel-archive';
export type { TelemetryChannelArchiveProps } from './telemetry-channel-archive-props';
export { TelemetryLogLevel } from './telemetry-log-level';
export { TelemetryMonitoring } from './telemetry-monitoring';
export type { TelemetryAlarmThresholds, TelemetryMonitoringProps } from './telemetry-monitoring-props';
export type { TelemetryTransformOptions } from './telemetry-transform-options';
export { TelemetryType } from './telemetry-type';
