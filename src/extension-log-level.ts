/**
 * From which level on the extension writes about itself to stdout, that is to the log of the function.
 */
export enum ExtensionLogLevel {
  /** Each call of PutRecords as well. With the telemetry type `EXTENSION`, each such line is sent by another call. */
  DEBUG = 'debug',

  /** The start and the end as well. */
  INFO = 'info',

  /** What degrades telemetry, and what turns it off. */
  WARN = 'warn',

  /** What turns telemetry off. */
  ERROR = 'error',

  /** Nothing. */
  OFF = 'off',
}
