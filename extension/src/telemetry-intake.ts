import { isUtf8 } from 'node:buffer';
import { type EventSlice, isText, splitEvents } from './event-splitter';
import type { Ledger } from './ledger';
import { type PlatformFields, parsePlatformRecord } from './platform-event';
import type { NewLine, RecordBuffer } from './record-buffer';
import type { RecordEncoder } from './record-encoder';
import { type RequestAttribution, requestIdOfTextLine } from './request-attribution';

export interface TelemetryIntakeDependencies {
  readonly encoder: RecordEncoder;
  readonly buffer: RecordBuffer;
  readonly ledger: Ledger;
  readonly attribution: RequestAttribution;
  /** Types to send on; others are looked at (the end of an invocation) and left out. */
  readonly types: readonly string[];
  readonly now: () => number;
  /** `endedAt`: epoch ms, NaN where the event does not tell. */
  readonly onInvocationEnd: (requestId: string, endedAt: number) => void;
  /** Called after each body with the time of its last event, epoch ms: how far Lambda's telemetry is behind. */
  readonly onReceived: (eventAt: number) => void;
}

interface Ended {
  readonly requestId: string;
  readonly at: number;
}

const QUOTE = 0x22;
/** A function may log anything as `requestId`; a longer one would burst the line and the partition key. */
const MAX_REQUEST_ID_BYTES = 64;

/** From a POSTed body to lines in the buffer: splits, numbers, attributes and encodes each event, in order. */
export class TelemetryIntake {
  /** Bodies received so far: tells whether telemetry flows at all. */
  public bodies = 0;
  private seq = 0;
  private now = 0;
  private line: NewLine = { now: 0 };
  /** Types that Lambda may send all the same; what is of no known type is sent on. */
  private readonly unwanted: ReadonlySet<string>;
  private readonly reserve = (bytes: number) => this.use.buffer.reserve(bytes, this.line);

  public constructor(private readonly use: TelemetryIntakeDependencies) {
    this.unwanted = new Set(['platform', 'function', 'extension'].filter((type) => !use.types.includes(type)));
  }

  public accept(body: Buffer): void {
    this.bodies += 1;
    this.now = this.use.now();
    const text = decodable(body);
    const ended: Ended[] = [];
    let timeStart = -1;
    let timeEnd = -1;
    const { malformed } = splitEvents(text, (slice) => {
      this.acceptEvent(text, slice, ended);
      ({ timeStart, timeEnd } = slice);
    });
    for (let count = 0; count < malformed; count += 1) this.lose('malformed');
    // After the whole body: what stands behind runtimeDone in the same POST belongs to the same flush.
    for (const { requestId, at } of ended) this.use.onInvocationEnd(requestId, at);
    this.use.onReceived(timeOf(text, timeStart, timeEnd));
  }

  private acceptEvent(body: Buffer, slice: EventSlice, ended: Ended[]): void {
    const type = typeOf(body, slice);
    const isPlatform = type !== 'function' && type.startsWith('platform.');
    const platform = isPlatform ? this.observePlatform(type, body, slice, ended) : undefined;
    if (this.unwanted.has(isPlatform ? 'platform' : type)) return;

    const requestId = isPlatform ? platform?.requestId : this.requestIdOfLog(body, slice);
    const { encoder, ledger } = this.use;
    this.seq += 1;
    ledger.received += 1;
    this.line = { seq: this.seq, requestId, now: this.now };
    const encoded = encoder.encode({ body, slice, seq: this.seq, requestId, platform }, this.reserve);
    if (encoded === undefined) ledger.drop('buffer-full', 1);
    else if (encoded.truncated) ledger.truncated += 1;
  }

  private observePlatform(type: string, body: Buffer, slice: EventSlice, ended: Ended[]): PlatformFields | undefined {
    if (slice.recordStart < 0) return undefined;
    const fields = parsePlatformRecord(body.toString('utf8', slice.recordStart, slice.recordEnd));
    this.use.attribution.observe(type, fields.requestId);
    if (type === 'platform.runtimeDone' && fields.requestId !== undefined) {
      ended.push({ requestId: fields.requestId, at: timeOf(body, slice.timeStart, slice.timeEnd) });
    }
    if (type === 'platform.logsDropped') this.use.ledger.droppedByLambda += fields.droppedRecords ?? 0;
    return fields;
  }

  private requestIdOfLog(body: Buffer, slice: EventSlice): string | undefined {
    if (slice.requestIdStart >= 0 && slice.requestIdEnd - slice.requestIdStart - 2 <= MAX_REQUEST_ID_BYTES) {
      const own = body.toString('utf8', slice.requestIdStart + 1, slice.requestIdEnd - 1);
      if (own !== '' && !own.includes('\\')) return own;
    } else if (body[slice.recordStart] === QUOTE) {
      const own = requestIdOfTextLine(body, slice.recordStart, slice.recordEnd);
      if (own !== undefined) return own;
    }
    return this.use.attribution.surrounding;
  }

  /** Something arrived that cannot be sent: it takes a number, so that the gap shows in the stream. */
  public lose(reason: 'malformed'): void {
    this.seq += 1;
    this.use.ledger.received += 1;
    this.use.ledger.drop(reason, 1);
  }
}

const FUNCTION = Buffer.from('function');

function typeOf(body: Buffer, { typeStart, typeEnd }: EventSlice): string {
  if (typeStart < 0) return '';
  // The bulk: no string is made for it.
  if (isText(body, typeStart + 1, typeEnd - 1, FUNCTION)) return 'function';
  return body.toString('utf8', typeStart + 1, typeEnd - 1);
}

/** The time of an event in epoch ms, NaN where it has none that can be read. */
function timeOf(body: Buffer, timeStart: number, timeEnd: number): number {
  return timeStart < 0 ? Number.NaN : Date.parse(body.toString('latin1', timeStart + 1, timeEnd - 1));
}

/** JSON is UTF-8; bytes that are not become replacement characters, so that every line can be read. */
function decodable(body: Buffer): Buffer {
  return isUtf8(body) ? body : Buffer.from(body.toString('utf8'));
}
