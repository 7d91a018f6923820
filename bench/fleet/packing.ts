import { splitEvents } from '../../extension/src/event-splitter';
import { RecordBuffer } from '../../extension/src/record-buffer';
import { compressRecords } from '../../extension/src/record-compressor';
import { RecordEncoder } from '../../extension/src/record-encoder';
import type { RecordFormat } from '../../extension/src/settings';
import { PACK_BYTES, PACK_BYTES_BEFORE_GZIP, PACK_LINES } from '../../extension/src/telemetry';

const IDENTITY = {
  accountId: '123456789012',
  region: 'eu-west-1',
  functionName: 'shop-checkout-handler',
  functionVersion: '$LATEST',
  instanceId: '019a0000-0000-7000-8000-000000000000',
};
const REQUEST_ID = '7c0f0f0e-53c1-4d0e-9b5e-6a1c3e5d7f90';

/** The sizes of the Kinesis records that the extension's own encoder and buffer make of one flush. */
export class Packing {
  private readonly known = new Map<number, readonly number[]>();

  public constructor(
    private readonly format: RecordFormat,
    private readonly random: () => number,
  ) {}

  public recordsOf(events: number): readonly number[] {
    // Flushes of like size make like records: rounded to three digits, each is encoded once.
    const step = 10 ** Math.max(0, Math.floor(Math.log10(events)) - 1);
    const rounded = Math.max(1, Math.round(events / step) * step);
    const known = this.known.get(rounded);
    if (known !== undefined) return known;
    const sizes = this.encode(rounded);
    this.known.set(rounded, sizes);
    return sizes;
  }

  private encode(events: number): number[] {
    const { format } = this;
    const buffer = new RecordBuffer(
      {
        maxBufferBytes: 64 * 1_048_576,
        packBytes: format === 'ndjson-gzip' ? PACK_BYTES_BEFORE_GZIP : PACK_BYTES,
        packLines: format === 'json' ? 1 : PACK_LINES,
        separateRequests: false,
      },
      () => {},
    );
    const encoder = new RecordEncoder(IDENTITY, {}, 1_048_576);
    const body = Buffer.from(`[${Array.from({ length: events }, () => this.event()).join(',')}]`);
    let seq = 0;
    const { malformed } = splitEvents(body, (slice) => {
      seq += 1;
      const line = { seq, now: 0 };
      encoder.encode({ body, slice, seq, requestId: REQUEST_ID }, (bytes) => buffer.reserve(bytes, line));
    });
    if (malformed > 0) throw new Error(`the simulated telemetry has ${malformed} malformed events`);
    const records = buffer.take({ maxRecords: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER }, true);
    const packed = format === 'ndjson-gzip' ? compressRecords(records, PACK_BYTES) : records;
    return packed.map(({ data }) => data.length);
  }

  /** A text line of Lambda's Node.js runtime, about 350 bytes. */
  private event(): string {
    const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(this.random() * 16).toString(16));
    const time = new Date(1_790_000_000_000 + Math.floor(this.random() * 1e9)).toISOString();
    const text =
      `GET /api/v2/orders/${hex(12).join('')} status=200 bytes=${Math.floor(this.random() * 1e5)} client=10.0.3.17 ` +
      `agent="checkout/4.2.1" cache=miss trace=${hex(32).join('')} upstream=inventory took=${Math.floor(this.random() * 997)}ms `;
    const record = `${time}\t${REQUEST_ID}\tINFO\t${text.padEnd(226, 'x')}\n`;
    return JSON.stringify({ time, type: 'function', record });
  }
}
