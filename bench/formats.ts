import { join } from 'node:path';
import { ExecutionEnvironment } from '../sandbox/src';
import type { Figure } from './figure';
import { STREAM, type Subject, startKinesis, variablesOf } from './subjects';

const FORMATS = ['ndjson', 'json', 'ndjson-gzip'] as const;
const EVENTS = 20_000;
/** Kinesis on-demand bills each record's bytes rounded up to this (pricing page). */
const BILLED_STEP_BYTES = 1_024;

/** What each record format makes of the same 20,000 events: bytes and records in the stream. */
export async function benchFormats(signed: Subject): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const format of FORMATS) {
    const kinesis = await startKinesis();
    const environment = await ExecutionEnvironment.start({
      handler: join(__dirname, 'handler.cjs'),
      layerDirectory: signed.layerDirectory,
      environment: { ...variablesOf(signed, kinesis), KINESIS_TELEMETRY_RECORD_FORMAT: format },
      timeoutMs: 60_000,
    });
    try {
      await environment.invoke({ count: EVENTS });
      await environment.shutdown();
      const sizes = kinesis.records(STREAM).map(({ data, partitionKey }) => data.length + partitionKey.length);
      const events = environment.produced.length;
      const perEvent = (id: string, title: string, unit: 'bytes' | 'records', total: number): Figure => {
        const value = total / events;
        const about = { id: `format.${format}.${id}`, title: `${format}: ${title}`, unit, subject: signed.name };
        return { ...about, value, low: value, high: value, runs: 1, slack: 0 };
      };
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      const billed = sizes.map((bytes) => Math.ceil(bytes / BILLED_STEP_BYTES) * BILLED_STEP_BYTES);
      figures.push(
        perEvent('bytes', 'bytes per event', 'bytes', sum(sizes)),
        perEvent('billed-bytes', 'bytes billed per event, on demand', 'bytes', sum(billed)),
        perEvent('records', 'records per event', 'records', sizes.length),
      );
    } finally {
      await environment.dispose();
      await kinesis.close();
    }
  }
  return figures;
}
