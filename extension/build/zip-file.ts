import { type Zippable, zipSync } from 'fflate';

export const FILE_MODE = 0o644;
export const EXECUTABLE_MODE = 0o755;
const UNIX = 3;

export interface ZippedFile {
  readonly name: string;
  readonly contents: Uint8Array;
  /** Unix permission bits. */
  readonly mode: number;
}

/** A zip with fixed order, times and modes: CDK hashes the file, and modes must survive Windows. */
export function zipOf(files: readonly ZippedFile[]): Uint8Array {
  const entries: Zippable = {};
  for (const { name, contents, mode } of files) {
    entries[name] = [contents, { os: UNIX, attrs: mode << 16, mtime: new Date(1980, 0, 1), level: 9 }];
  }
  return zipSync(entries);
}
