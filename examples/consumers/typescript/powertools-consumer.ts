import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { decodeRecord, isTelemetryEvent, type TelemetryEvent } from '../../../src/decoder';

const processor = new BatchProcessor(EventType.KinesisDataStreams);

/** One record of the batch. What throws here is retried; what cannot be read is reported and passed over. */
async function recordHandler(record: { kinesis: { data: string; sequenceNumber: string } }): Promise<void> {
  const { lines, problems } = decodeRecord(Buffer.from(record.kinesis.data, 'base64'));
  for (const problem of problems) console.warn(`record ${record.kinesis.sequenceNumber}: ${JSON.stringify(problem)}`);
  for (const line of lines.filter(isTelemetryEvent)) await store(line);
}

/** Needs `reportBatchItemFailures: true` on the event source mapping. */
// biome-ignore lint/suspicious/noExplicitAny: Lambda's event, typed by @types/aws-lambda in your project
export const handler = async (event: any) =>
  processPartialResponse(event, recordHandler, processor, { throwOnFullBatchFailure: false });

/** Your database. It has to take the same event twice: (instance_id, seq) is the key. */
async function store(event: TelemetryEvent): Promise<void> {
  if (event.status === 'timeout') throw new Error(`the example refuses ${event.instance_id}/${event.seq}`);
}
