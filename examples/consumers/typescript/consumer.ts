import {
  DecodeProblemCode,
  DeliveryWindow,
  decodeKinesisEvent,
  isTelemetryEvent,
  type KinesisEventLike,
  type TelemetryEvent,
} from '../../../src/decoder';

// Outlives the invocation, like everything outside the handler. Another environment of this function has its own: a
// filter that must be exact across environments belongs into a table with (instance_id, seq) as its key.
const window = new DeliveryWindow({ countFrom: 'first-seen' });

/** Works off every event once, and says what it could not read. A bad line stops nothing: it will never get better. */
export async function handler(event: KinesisEventLike): Promise<void> {
  const { lines, problems } = decodeKinesisEvent(event);
  for (const { code, sequenceNumber, offset, reason } of problems) {
    console.warn(`record ${sequenceNumber}, byte ${offset}: ${code}, ${reason}`);
    if (code === DecodeProblemCode.UNKNOWN_VERSION) console.warn('update cdk-kinesis-telemetry-extension');
  }
  // not remembered until the work is done: a batch that fails is sent again, and must not be taken for a repetition
  for (const line of window.unseen(lines).filter(isTelemetryEvent)) await work(line);
  window.filter(lines);
  for (const { instanceId, gaps } of window.suspects()) {
    console.warn(`${instanceId} lacks ${gaps.map(({ from, to }) => `${from}-${to}`).join(', ')} so far`);
  }
}

async function work(event: TelemetryEvent): Promise<void> {
  if (event.type === 'platform.report') console.log(`${event.function_name} took ${event.duration_ms} ms`);
}
