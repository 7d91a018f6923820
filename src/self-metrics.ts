/**
 * Metrics of the extension itself: events received, delivered, dropped and the like.
 */
export enum SelfMetrics {
  /** None: the ledger in the stream (`extension.stats`) tells the same. */
  NONE = 'none',

  /**
   * Lines in CloudWatch's embedded metric format in the function's log: at most one a minute while events come, and one
   * at the end of each execution environment. CloudWatch Logs makes metrics of them, in the namespace
   * `KinesisTelemetryExtension` by `FunctionName` and by `StreamName`, billed as custom metrics and as log data.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
   */
  EMF = 'emf',
}
