import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of a process so far, all threads, in ms: the scheduler counts nanoseconds, `stat` only hundredths. */
export function cpuMs(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1e6;
}

/** Memory that the process alone has and has written to, in MiB: what it costs the environment. */
export function privateDirtyMib(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/Private_Dirty:\s+(\d+) kB/.exec(rollup)?.[1]) / 1_024;
}

const QUIET_MS = 200;
const POLL_MS = 20;

/** Resolves when the process has used no CPU time for a while. */
export async function settled(pid: number, timeoutMs = 20_000): Promise<void> {
  const endsAt = Date.now() + timeoutMs;
  let last = cpuMs(pid);
  let since = Date.now();
  while (Date.now() - since < QUIET_MS) {
    if (Date.now() > endsAt) throw new Error(`process ${pid} has not come to rest within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const now = cpuMs(pid);
    if (now - last < 0.5) continue;
    last = now;
    since = Date.now();
  }
}
