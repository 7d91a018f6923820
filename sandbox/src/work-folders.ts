import { rmSync } from 'node:fs';
import { reaper } from './reaper';

const folders = new Set<string>();
let hooked = false;

/** Removes the folder when this process ends, unless that was done before. */
export function removeAtExit(folder: string): void {
  if (!hooked) process.once('exit', () => [...folders].forEach(removeFolder));
  hooked = true;
  folders.add(folder);
  reaper.watchFolder(folder);
}

export function removeFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}
