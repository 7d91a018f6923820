import { readFileSync } from 'node:fs';

/** Private dirty memory of a process in MiB: what it costs the environment. Linux only, as Lambda is. */
export function privateDirtyMib(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/Private_Dirty:\s+(\d+) kB/.exec(rollup)?.[1]) / 1_024;
}
