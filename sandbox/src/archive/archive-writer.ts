import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** How Firehose names and compresses objects, in the words of its S3 destination. */
export interface ArchiveDestination {
  readonly prefix: string;
  readonly fileExtension: string;
  readonly compressionFormat: string;
}

/** What `TelemetryArchive` sets by default. */
export const DEFAULT_DESTINATION: ArchiveDestination = {
  prefix: 'events/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/',
  fileExtension: '.jsonl.gz',
  compressionFormat: 'GZIP',
};

export interface ArrivedRecord {
  readonly data: Buffer;
  /** Epoch ms. */
  readonly arrivedAt: number;
}

/**
 * Writes records into a folder as Firehose writes them into a bucket: joined byte by byte in the order of arrival,
 * under a key by the hour of arrival, so many records an object.
 *
 * @returns the keys
 */
export async function writeArchive(
  folder: string,
  records: readonly ArrivedRecord[],
  destination: ArchiveDestination = DEFAULT_DESTINATION,
  recordsPerObject = 10,
): Promise<string[]> {
  const byPrefix = new Map<string, Buffer[]>();
  for (const { data, arrivedAt } of records) {
    const prefix = evaluate(destination.prefix, new Date(arrivedAt));
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), data]);
  }
  const keys: string[] = [];
  for (const [prefix, data] of byPrefix) {
    for (let at = 0; at < data.length; at += recordsPerObject) {
      const joined = Buffer.concat(data.slice(at, at + recordsPerObject));
      const key = `${prefix}telemetry-${String(at).padStart(6, '0')}${destination.fileExtension}`;
      await mkdir(dirname(join(folder, key)), { recursive: true });
      await writeFile(join(folder, key), destination.compressionFormat === 'GZIP' ? gzipSync(joined) : joined);
      keys.push(key);
    }
  }
  return keys;
}

/** `!{timestamp:yyyy-MM-dd}` and the like, in UTC. */
function evaluate(prefix: string, at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  return prefix.replace(/!\{timestamp:([^}]+)\}/g, (_, format: string) =>
    format.replace('yyyy', year).replace('MM', month).replace('dd', day).replace('HH', time.slice(0, 2)),
  );
}
