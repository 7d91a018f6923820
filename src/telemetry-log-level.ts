/**
 * How severe a log line of a function is.
 */
export enum TelemetryLogLevel {
  /** The finest; `VERBOSE` too. */
  TRACE = 'TRACE',

  /** For debugging. */
  DEBUG = 'DEBUG',

  /** What goes as it should; `INFORMATION` and `NOTICE` too. */
  INFO = 'INFO',

  /** What may become a problem; `WARNING` too. */
  WARN = 'WARN',

  /** What went wrong; `ERR` too. */
  ERROR = 'ERROR',

  /** What ended the work; `CRITICAL` too. */
  FATAL = 'FATAL',
}
