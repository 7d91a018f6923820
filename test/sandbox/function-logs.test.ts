import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consoleEvent,
  FRAME,
  FrameReader,
  LineReader,
  rawLineEvent,
  STREAM_MARK,
} from '../../sandbox/src/function-logs';

/** The bytes in pieces: what a pipe may make of one write. */
function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(16);
  header.writeUInt32BE(FRAME.log, 0);
  header.writeUInt32BE(body.length, 4);
  header.writeBigUInt64BE(1_700_000_000_123_456n, 8);
  return Buffer.concat([header, body]);
}

describe('the frame reader', () => {
  it('gives back every message whole, however the pipe cuts them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 40 }), (messages, size) => {
        const read: string[] = [];
        const reader = new FrameReader((_, text, epochMs) => {
          expect(epochMs).toBe(1_700_000_000_123);
          read.push(text);
        });
        for (const piece of pieces(Buffer.concat(messages.map(frame)), size)) reader.push(piece);
        expect(read).toEqual(messages);
      }),
    );
  });
});

describe('the line reader', () => {
  it('gives back every line and mark, however the pipe cuts them', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\n\0]/.test(text));
    fc.assert(
      fc.property(fc.array(line), line, fc.integer({ min: 1, max: 40 }), (lines, unfinished, size) => {
        const read: string[] = [];
        const marks: string[] = [];
        const reader = new LineReader(
          (text) => read.push(text),
          (requestId) => marks.push(requestId),
        );
        const text = `${lines.map((one) => `${one}\n`).join('')}${unfinished}${STREAM_MARK}id\nafter`;
        for (const piece of pieces(Buffer.from(text), size)) reader.push(piece);
        reader.end();
        expect(read).toEqual([...lines, ...(unfinished === '' ? [] : [unfinished]), 'after']);
        expect(marks).toEqual(['id']);
      }),
    );
  });
});

describe('function events', () => {
  it('keep text as a string and give JSON format its object', () => {
    expect(consoleEvent('a\tb', 0, 'Text')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      type: 'function',
      record: 'a\tb',
    });
    expect(consoleEvent('{"message":"a"}', 0, 'JSON')).toMatchObject({ recordJson: '{"message":"a"}' });
    expect(rawLineEvent('function', '{"a":1}', 'Text')).not.toHaveProperty('recordJson');
    expect(rawLineEvent('function', ' {"a": 1.0}', 'JSON').recordJson).toBe(' {"a": 1.0}');
    const wrapped = rawLineEvent('function', '{"a":', 'JSON').recordJson ?? '';
    expect(JSON.parse(wrapped)).toEqual({ timestamp: expect.any(String), level: 'INFO', message: '{"a":' });
  });
});
