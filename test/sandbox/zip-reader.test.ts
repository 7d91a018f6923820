import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { readZip, unzip } from '../../sandbox/src';

/** A zip archive by the book: local headers, central directory, end record. */
function zip(files: readonly { name: string; text: string; mode: number; deflate?: boolean }[], comment = ''): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, text, mode, deflate } of files) {
    const data = deflate ? deflateRawSync(text) : Buffer.from(text);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(deflate ? 8 : 0, 4);
    shared.writeUInt32LE(crc32(text), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(Buffer.byteLength(text), 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0003'), shared, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  end.writeUInt16LE(comment.length, 16);
  return Buffer.concat([...locals, central, Buffer.from('PK\u0005\u0006'), end, Buffer.from(comment)]);
}

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

describe('the zip reader', () => {
  it('unpacks stored and deflated files with their modes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
    folders.push(folder);
    const archive = zip(
      [
        { name: 'extensions/run', text: '#!/bin/sh\n', mode: 0o100755 },
        { name: 'deep/er/data.js', text: 'x'.repeat(10_000), mode: 0o100640, deflate: true },
      ],
      'a comment after the end',
    );
    await unzip(archive, folder);
    expect((await stat(join(folder, 'extensions/run'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(folder, 'deep/er/data.js'))).mode & 0o777).toBe(0o640);
    expect(await readFile(join(folder, 'deep/er/data.js'), 'utf8')).toBe('x'.repeat(10_000));
  });

  it('refuses what is no archive, what is damaged, and what points outside', async () => {
    expect(() => readZip(Buffer.from('no zip at all, but long enough to hold an end'))).toThrow(
      'this is no zip archive',
    );
    const damaged = zip([{ name: 'a', text: 'content', mode: 0o644 }]);
    damaged.write('CONTENT', damaged.indexOf('content'));
    expect(() => readZip(damaged)).toThrow('checksum of a differs');
    await expect(unzip(zip([{ name: '../evil', text: 'x', mode: 0o644 }]), '/nowhere')).rejects.toThrow(
      'points outside',
    );
  });
});
