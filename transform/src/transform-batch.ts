import { gzipSync } from 'node:zlib';
import { fromBase64 } from '../../src/decoder/base64';
import { bytesOf, type FirehoseAnswer, type FirehoseEvent, type FirehoseRecord } from './firehose-event';
import { recordLines } from './record-lines';
import type { TransformSettings } from './settings';
import { type LineCounts, transformedLines } from './transformed-lines';

/**
 * What a function that is invoked synchronously may answer is 6 MB, 6,291,556 bytes in Lambda's own message. Above it
 * the whole response fails, all records with it. We stay below 6 MiB.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */
export const MAX_RESPONSE_BYTES = 6 * 1_024 * 1_024;

const ENVELOPE_BYTES = '{"records":[]}'.length;
const LINE_FEED = Buffer.from('\n');

/** What became of the records of a batch, and of the lines in those that were transformed. */
export interface BatchCounts extends LineCounts {
  records: number;
  /** Records that went on as they were: transformed they would not have fitted into the response. */
  untransformed: number;
  /** Records answered with ProcessingFailed. */
  failed: number;
  /** Why, each once. */
  reasons: string[];
}

/**
 * Transforms a batch, one answer a record, in a response of at most `maxBytes`.
 *
 * As they came all records fit: the request has the same limit and says more about each. So that much is set aside for
 * each, and only growth draws on what is left. Where it does not suffice, the record's lines go on as they were; where
 * these do not fit either (gzip in an archive of text), the record fails and Firehose keeps it.
 */
export function transformBatch(
  { records }: FirehoseEvent,
  settings: TransformSettings,
  maxBytes = MAX_RESPONSE_BYTES,
): { readonly answers: FirehoseAnswer[]; readonly counts: BatchCounts } {
  const counts = { records: records.length, kept: 0, filtered: 0, foreign: 0, untransformed: 0, failed: 0 };
  const reasons = new Set<string>();
  const bytesAsCame = (record: FirehoseRecord) => bytesOf(failed(record));
  let spare = maxBytes - ENVELOPE_BYTES - records.reduce((sum, record) => sum + bytesAsCame(record), 0);

  const answers = records.map((record) => {
    const room = spare + bytesAsCame(record);
    const { answer, lines, reason } = firstThatFits(outcomes(record, settings), room);
    spare = room - bytesOf(answer);
    counts.kept += lines?.kept ?? 0;
    counts.filtered += lines?.filtered ?? 0;
    counts.foreign += lines?.foreign ?? 0;
    counts.failed += reason === undefined ? 0 : 1;
    counts.untransformed += lines === undefined && reason === undefined ? 1 : 0;
    if (reason !== undefined) reasons.add(reason);
    return answer;
  });
  return { answers, counts: { ...counts, reasons: [...reasons] } };
}

interface Outcome {
  readonly answer: FirehoseAnswer;
  /** Of lines that were transformed. */
  readonly lines?: LineCounts;
  /** Of a failure. */
  readonly reason?: string;
}

function firstThatFits(choices: Generator<Outcome, Outcome>, maxBytes: number): Outcome {
  for (;;) {
    const { value, done } = choices.next();
    if (done || bytesOf(value.answer) <= maxBytes) return value;
  }
}

/** From the best to the one that always fits. Nothing that a record holds makes it throw. */
function* outcomes(record: FirehoseRecord, settings: TransformSettings): Generator<Outcome, Outcome> {
  try {
    const data = fromBase64(record.data);
    if (data === undefined) return { answer: failed(record), reason: 'the data is not base64' };
    const lines = recordLines(data);
    if ('unreadable' in lines) return { answer: failed(record), reason: lines.unreadable };
    const transformed = transformedLines(lines, settings);
    yield { answer: answerOf(record, transformed.lines, settings), lines: transformed.counts };
    yield { answer: answerOf(record, lines, settings) };
    return { answer: failed(record), reason: 'the text does not fit into the response' };
  } catch (error) {
    return { answer: failed(record), reason: `unexpected: ${error instanceof Error ? error.message : error}` };
  }
}

function answerOf({ recordId }: FirehoseRecord, lines: readonly Buffer[], settings: TransformSettings): FirehoseAnswer {
  if (lines.length === 0) return { recordId, result: 'Dropped', data: '' };
  const text = Buffer.concat(lines.flatMap((line) => [line, LINE_FEED]));
  return { recordId, result: 'Ok', data: (settings.compress ? gzipSync(text) : text).toString('base64') };
}

/** With the data as it came: whichever of the two Firehose keeps, nothing is lost. */
function failed({ recordId, data }: FirehoseRecord): FirehoseAnswer {
  return { recordId, result: 'ProcessingFailed', data };
}
