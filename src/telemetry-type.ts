/**
 * The kinds of events that Lambda's Telemetry API offers.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api.html#telemetry-api-types
 */
export enum TelemetryType {
  /** Events of the platform: start, runtime done, report (durations, memory), extension and restore events. */
  PLATFORM = 'platform',

  /** What the function writes to stdout and stderr, its logs. */
  FUNCTION = 'function',

  /** What the extensions of the function write to stdout and stderr, this one included. */
  EXTENSION = 'extension',
}
