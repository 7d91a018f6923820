import { isDeepStrictEqual } from 'node:util';
import type { TelemetryEvent } from '../telemetry-events';
import type { TelemetryLine } from './stream-reader';

export interface DeliveryCheck {
  readonly produced: number;
  readonly delivered: number;
  readonly duplicates: number;
  /** What the extension itself says it dropped, in its final ledger. */
  readonly dropped: number;
  /** One sentence for each event that is missing or differs. */
  readonly findings: readonly string[];
}

/** Compares what an instance was handed with what stands in the stream, event by event, in the order of `seq`. */
export function checkDelivery(produced: readonly TelemetryEvent[], lines: readonly TelemetryLine[]): DeliveryCheck {
  const numbered = lines.filter((line) => typeof line.seq === 'number');
  const bySeq = new Map(numbered.map((line) => [line.seq as number, line]));
  const findings: string[] = [];
  produced.forEach((event, index) => {
    const seq = index + 1;
    const line = bySeq.get(seq);
    if (!line) findings.push(`seq ${seq} (${event.type} of ${event.time}) is missing`);
    else if (!isSame(event, line))
      findings.push(`seq ${seq} differs: ${JSON.stringify(event)} / ${JSON.stringify(line)}`);
  });
  for (const seq of bySeq.keys()) if (seq > produced.length) findings.push(`seq ${seq} was never produced`);
  const final = lines.find((line) => line.type === 'extension.stats' && line.final === true);
  if (!final) findings.push('the final extension.stats line is missing');
  return {
    produced: produced.length,
    delivered: bySeq.size,
    duplicates: numbered.length - bySeq.size,
    dropped: Number(final?.dropped ?? 0),
    findings,
  };
}

function isSame(event: TelemetryEvent, line: TelemetryLine): boolean {
  const content = typeof event.record === 'string' ? line.message : line.record;
  return line.type === event.type && line.time === event.time && isDeepStrictEqual(content, event.record);
}
