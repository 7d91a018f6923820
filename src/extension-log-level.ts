/**
 * From which level on the extension writes about itself to stdout, that is to the log of the function.
 */
export enum ExtensionLogLevel {
  /** Everything, each flush included. */
  DEBUG = 'debug',

  /** Start, subscription, shutdown. */
  INFO = 'info',

  /** What degrades telemetry. */
  WARN = 'warn',

  /** What turns telemetry off. */
  ERROR = 'error',

  /** Nothing. */
  OFF = 'off',
}
