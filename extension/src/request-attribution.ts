import { isText } from './event-splitter';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_LENGTH = 36;
/** Lambda's time stamp in a text line, 2026-01-01T00:00:00.000Z, and its opening quote. */
const TIMESTAMP_END = 25;

/**
 * Tells which request an event belongs to: by the record itself, else by the `platform.start` around it. The latter
 * holds only where one request runs at a time, so not on Lambda Managed Instances; uncertain is absent.
 */
export class RequestAttribution {
  private current: string | undefined;

  public constructor(private readonly oneRequestAtATime: boolean) {}

  /** Call for every platform event, in order. */
  public observe(type: string, requestId: string | undefined): void {
    if (type === 'platform.start') this.current = requestId;
    // Lines that are still in the pipe when the runtime is done belong to it; after its report nothing is certain.
    if (type === 'platform.report' && requestId === this.current) this.current = undefined;
  }

  /** The request of a log line without a request id of its own. */
  public get surrounding(): string | undefined {
    return this.oneRequestAtATime ? this.current : undefined;
  }
}

/**
 * The request id in a text line of Lambda's Node.js runtime: time, tab, request id, tab, level, tab, message. `start`
 * and `end` are the record's, a JSON string with its quotes, in which a tab is written as `\t`.
 */
export function requestIdOfTextLine(body: Buffer, start: number, end: number): string | undefined {
  const tab = start + TIMESTAMP_END;
  if (end - tab < UUID_LENGTH + 4 || !isTab(body, tab) || !isTab(body, tab + 2 + UUID_LENGTH)) return undefined;
  if (isText(body, tab + 2, tab + 2 + UUID_LENGTH, lastBytes)) return lastId;
  const candidate = body.toString('latin1', tab + 2, tab + 2 + UUID_LENGTH);
  if (!UUID.test(candidate)) return undefined;
  lastId = candidate;
  lastBytes = Buffer.from(candidate);
  return candidate;
}

/** Nearly always the next line's too: then no string need be made. */
let lastId = '';
let lastBytes: Uint8Array = new Uint8Array(0);

function isTab(body: Buffer, at: number): boolean {
  return body[at] === 0x5c && body[at + 1] === 0x74;
}
