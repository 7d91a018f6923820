import type { IConstruct } from 'constructs';

/** Stable codes of everything that is refused at synth; the tests name each of them. */
export type TelemetryErrorCode =
  | 'KTE_ALARM_METRIC'
  | 'KTE_ALREADY_ATTACHED'
  | 'KTE_ARCHIVE_BUCKET'
  | 'KTE_ARCHIVE_FORMAT'
  | 'KTE_ARCHIVE_REGION'
  | 'KTE_ARCHIVE_TRANSFORM'
  | 'KTE_ASSET_MISSING'
  | 'KTE_CHANNEL_ACCOUNT'
  | 'KTE_CHANNEL_FORMAT'
  | 'KTE_CHANNEL_KEY'
  | 'KTE_CHANNEL_PROVISIONED'
  | 'KTE_CHANNEL_REGION'
  | 'KTE_CHANNEL_TWICE'
  | 'KTE_CHANNEL_UNKNOWN'
  | 'KTE_EDGE_FUNCTION'
  | 'KTE_IMAGE_FUNCTION'
  | 'KTE_IMPORTED_FUNCTION'
  | 'KTE_LAYER_NAME'
  | 'KTE_LAYER_REGION'
  | 'KTE_NOT_AN_IMAGE'
  | 'KTE_NO_MANAGED_POLICY'
  | 'KTE_NO_ROLE'
  | 'KTE_OPTION'
  | 'KTE_PARAMETER_PREFIX'
  | 'KTE_PRODUCERS'
  | 'KTE_PRODUCER_KEY'
  | 'KTE_RUNTIME'
  | 'KTE_STREAM'
  | 'KTE_TOO_MANY_LAYERS'
  | 'KTE_VARIABLE_TAKEN'
  | 'KTE_VERSION_OR_ALIAS';

/** The four facts that every error of this library states. */
export interface Complaint {
  readonly code: TelemetryErrorCode;
  /** What is wrong, one clause, lower-case. */
  readonly wrong: string;
  /** What was given. */
  readonly found: string;
  /** What would have been accepted. */
  readonly allowed: string;
  /** What to do now. */
  readonly instead: string;
}

/**
 * The one place that makes errors. A plain `Error`: the constructor of the core's `ValidationError` has changed
 * twice since 2.225 and would tie us to single versions of aws-cdk-lib.
 */
export function telemetryError(scope: IConstruct, complaint: Complaint): Error {
  const lines = [
    `${complaint.code}: ${complaint.wrong}`,
    `  at:      ${scope.node.path || '(root)'}`,
    `  found:   ${complaint.found}`,
    `  allowed: ${complaint.allowed}`,
    `  instead: ${complaint.instead}`,
  ];
  return Object.assign(new Error(lines.join('\n')), { name: 'KinesisTelemetryError', code: complaint.code });
}
