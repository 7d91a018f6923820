import { gunzipSync } from 'node:zlib';

const BLOCK_BYTES = 512;

/** The files of a .tgz by path, as npm writes them: plain files with short names. */
export function readTgz(archive: Uint8Array): Map<string, Buffer> {
  const tar = gunzipSync(archive);
  const files = new Map<string, Buffer>();
  for (let offset = 0; offset + BLOCK_BYTES <= tar.length; ) {
    const header = tar.subarray(offset, offset + BLOCK_BYTES);
    if (header[0] === 0) break;
    const field = (start: number, length: number) =>
      header.toString('utf8', start, start + length).split('\0')[0] as string;
    const bytes = Number.parseInt(field(124, 12), 8);
    const prefix = field(345, 155);
    const name = prefix ? `${prefix}/${field(0, 100)}` : field(0, 100);
    const start = offset + BLOCK_BYTES;
    if (['0', ''].includes(field(156, 1))) files.set(name, Buffer.from(tar.subarray(start, start + bytes)));
    offset = start + Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return files;
}
