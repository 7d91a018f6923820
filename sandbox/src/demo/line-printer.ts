import type { TelemetryLine } from './stream-reader';

const MESSAGE_CHARACTERS = 72;

/** One telemetry line as a person wants to read it: when, which, whose, what. */
export function printable(line: TelemetryLine): string {
  const seq = line.seq === undefined ? '' : `#${line.seq}`;
  const instance = String(line.instance_id ?? '').slice(-4);
  const request = line.request_id === undefined ? '' : String(line.request_id).slice(0, 8);
  const time = String(line.time ?? '').slice(11, 23);
  return `  stream > ${time} ${instance} ${seq.padStart(4)}  ${line.type.padEnd(30)} ${request.padEnd(8)}  ${essence(line)}`.trimEnd();
}

function essence(line: TelemetryLine): string {
  if (line.type === 'extension.stats') {
    return `received ${line.received}, delivered ${line.delivered}, dropped ${line.dropped}${line.final ? ', final' : ''}`;
  }
  if (typeof line.message === 'string') {
    const [first = ''] = (line.message.split('\t').pop() ?? '').split('\n');
    return cut(first);
  }
  if (line.type === 'function') return cut(JSON.stringify(line.record));
  const facts = [line.status, line.error_type, line.duration_ms === undefined ? undefined : `${line.duration_ms} ms`];
  return facts.filter((fact) => fact !== undefined).join(', ');
}

function cut(text: string): string {
  return text.length > MESSAGE_CHARACTERS ? `${text.slice(0, MESSAGE_CHARACTERS - 1)}…` : text;
}
