import * as fc from 'fast-check';
import type { ExtensionStats, TelemetryEvent, TransformFiltered } from '../../src/decoder';

export function event(seq: number, more: Partial<TelemetryEvent> = {}): TelemetryEvent {
  return { v: 1, time: '2026-11-21T10:00:00.000Z', type: 'function', instance_id: 'i', seq, message: 'm', ...more };
}

export function stats(more: Partial<ExtensionStats> = {}): ExtensionStats {
  return { v: 1, type: 'extension.stats', instance_id: 'i', received: 0, delivered: 0, dropped: 0, held: 0, ...more };
}

export function filtered(seq: number, throughSeq = seq, more: Partial<TransformFiltered> = {}): TransformFiltered {
  return { v: 1, type: 'transform.filtered', instance_id: 'i', seq, through_seq: throughSeq, ...more };
}

export function ndjson(lines: readonly object[]): Buffer {
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Any text that a function may log, line breaks, quotes and surrogates included. */
export const anyEvent: fc.Arbitrary<TelemetryEvent> = fc
  .record({
    seq: fc.integer({ min: 1, max: 1_000_000 }),
    instance: fc.constantFrom('a', 'b', 'c'),
    content: fc.oneof(
      fc.string({ unit: 'binary' }).map((message) => ({ message })),
      fc.dictionary(fc.string(), fc.jsonValue()).map((record) => ({ record: JSON.parse(JSON.stringify(record)) })),
    ),
  })
  .map(({ seq, instance, content }) => {
    const { message: _, ...rest } = event(seq, { instance_id: instance });
    return { ...rest, ...content };
  });
