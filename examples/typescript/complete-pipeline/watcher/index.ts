import {
  DeliveryWindow,
  decodeKinesisEvent,
  isTelemetryEvent,
  type KinesisEventLike,
  type TelemetryEvent,
} from '../../../../src/decoder'; // elsewhere: 'cdk-kinesis-telemetry-extension/decoder'

const window = new DeliveryWindow({ countFrom: 'first-seen' }); // outlives the invocation: repetitions are passed over

/** Says within a second or two what Athena says in five minutes: which invocation failed, and with what words. */
export async function handler(event: KinesisEventLike): Promise<void> {
  const { lines, problems } = decodeKinesisEvent(event);
  for (const problem of problems) console.warn('cannot be read', problem);
  for (const line of window.filter(lines).filter(isTelemetryEvent)) {
    const { function_name, request_id } = line;
    const trouble = troubleOf(line);
    if (trouble) console.error('trouble', { function_name, request_id, trouble });
  }
}

/** Crashes and time-outs are in the report of the platform; an error of the handler is a line in its log. */
function troubleOf({ type, status, error_type, record }: TelemetryEvent): string | undefined {
  if (type === 'platform.report' && status !== 'success') return error_type ?? status;
  if (type === 'function' && record?.level === 'ERROR') return String(record.errorMessage ?? record.message);
  return undefined;
}
