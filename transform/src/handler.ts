import type { FirehoseEvent, FirehoseResponse } from './firehose-event';
import { parseSettings, SETTINGS_VARIABLE } from './settings';
import { transformBatch } from './transform-batch';

const settings = parseSettings(process.env[SETTINGS_VARIABLE]);

/** The processor of the archive's Firehose stream. Logs one line where a batch had something unusual, else nothing. */
export async function handler(event: FirehoseEvent): Promise<FirehoseResponse> {
  const { answers, counts } = transformBatch(event, settings);
  if (counts.failed + counts.untransformed + counts.foreign > 0) console.warn(JSON.stringify(counts));
  return { records: answers };
}
