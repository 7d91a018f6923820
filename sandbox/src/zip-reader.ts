import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { inflateRawSync, crc32 as zlibCrc32 } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  /** Unix permission bits; undefined when the archive was made without them. */
  readonly mode: number | undefined;
  readonly data: Buffer;
}

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const UNIX = 3;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads a zip archive from its central directory. No zip64 and no encryption: a layer has neither.
 *
 * @throws when the archive is damaged or uses what is not supported
 */
export function readZip(archive: Buffer): ZipEntry[] {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let offset = archive.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (archive.readUInt32LE(offset) !== CENTRAL_SIGNATURE) throw new Error(`zip: no central entry at byte ${offset}`);
    const nameLength = archive.readUInt16LE(offset + 28);
    const name = archive.toString('utf8', offset + 46, offset + 46 + nameLength);
    const madeBy = archive.readUInt8(offset + 5);
    const mode = madeBy === UNIX ? (archive.readUInt32LE(offset + 38) >>> 16) & 0o777 : undefined;
    if (!name.endsWith('/')) entries.push({ name, mode, data: readData(archive, offset, name) });
    offset += 46 + nameLength + archive.readUInt16LE(offset + 30) + archive.readUInt16LE(offset + 32);
  }
  return entries;
}

/** Unpacks an archive below a folder with the modes it records. */
export async function unzip(archive: Buffer, folder: string): Promise<void> {
  for (const { name, mode, data } of readZip(archive)) {
    const path = normalize(join(folder, name));
    if (!path.startsWith(folder + sep)) throw new Error(`zip: ${name} points outside the folder`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, data);
    if (mode !== undefined) await chmod(path, mode);
  }
}

function findEnd(archive: Buffer): number {
  for (let offset = archive.length - 22; offset >= Math.max(0, archive.length - 22 - 65_535); offset -= 1) {
    if (archive.readUInt32LE(offset) === END_SIGNATURE) return offset;
  }
  throw new Error('zip: no end of central directory: this is no zip archive');
}

function readData(archive: Buffer, central: number, name: string): Buffer {
  const method = archive.readUInt16LE(central + 10);
  const compressedBytes = archive.readUInt32LE(central + 20);
  const local = archive.readUInt32LE(central + 42);
  if (archive.readUInt32LE(local) !== LOCAL_SIGNATURE) throw new Error(`zip: no local header for ${name}`);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const compressed = archive.subarray(start, start + compressedBytes);
  if (method !== STORED && method !== DEFLATED) throw new Error(`zip: ${name} uses unsupported method ${method}`);
  const data = method === STORED ? compressed : inflateRawSync(compressed);
  const expected = archive.readUInt32LE(central + 24);
  if (data.length !== expected) throw new Error(`zip: ${name} has ${data.length} bytes instead of ${expected}`);
  // zlib.crc32 came with Node.js 20.15
  if (zlibCrc32 && zlibCrc32(data) !== archive.readUInt32LE(central + 16))
    throw new Error(`zip: checksum of ${name} differs`);
  return data;
}
