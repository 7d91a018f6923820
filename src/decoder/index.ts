// Importable as `cdk-kinesis-telemetry-extension/decoder`: for the consumers of the stream. Needs nothing but Node.js,
// and is no part of the jsii API.

export { type DecodeProblem, DecodeProblemCode, TelemetryDecodeError } from './decode-problem';
export { type DecodedRecord, type DecodeOptions, decodeRecord } from './decode-record';
export { DeliveryWindow, type DeliveryWindowOptions } from './delivery-window';
export type { DeliveryVerdict, InstanceDelivery, SequenceGap } from './instance-delivery';
export {
  batchItemFailures,
  type DecodedKinesisEvent,
  type DecodedKinesisRecord,
  decodeKinesisEvent,
  type KinesisBatchResponse,
  type KinesisEventLike,
  type KinesisEventRecordLike,
} from './kinesis-event';
export {
  type ExtensionStats,
  isExtensionStats,
  isTelemetryEvent,
  isTransformFiltered,
  type TelemetryEvent,
  type TelemetryIdentity,
  type TelemetryLine,
  type TransformFiltered,
} from './telemetry-line';
