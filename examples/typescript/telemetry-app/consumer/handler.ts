import {
  batchItemFailures,
  DeliveryWindow,
  decodeKinesisEvent,
  isExtensionStats,
  type KinesisBatchResponse,
  type KinesisEventLike,
  type TelemetryLine,
} from '../../../../src/decoder'; // elsewhere: 'cdk-kinesis-telemetry-extension/decoder'

const seen = new DeliveryWindow({ countFrom: 'first-seen' }); // Kinesis delivers at least once

/** Works off the telemetry of other functions. */
export async function handler(event: KinesisEventLike): Promise<KinesisBatchResponse> {
  for (const record of decodeKinesisEvent(event).records) {
    for (const { code, reason } of record.problems) {
      console.warn(`record ${record.sequenceNumber}: ${code}, ${reason}`); // a bad line never gets better: passed over
    }
    try {
      for (const line of seen.unseen(record.lines)) work(line);
      seen.filter(record.lines); // remembered when the work is done
    } catch (error) {
      console.error(`record ${record.sequenceNumber}: ${error}`);
      return batchItemFailures([record]); // Lambda sends the batch again from here on
    }
  }
  return batchItemFailures([]);
}

function work(line: TelemetryLine): void {
  if (isExtensionStats(line)) {
    // the ledger: what was lost, and why
    if (line.dropped > 0) console.warn(`${line.function_name} lost ${JSON.stringify(line.dropped_by_reason)}`);
  } else if (line.type === 'platform.report') console.log(`${line.function_name} took ${line.duration_ms} ms`);
}
