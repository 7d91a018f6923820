import { type ChildProcess, spawn } from 'node:child_process';

/**
 * The last net: a shell at the other end of a pipe. When this process ends, however hard, the pipe closes, and the shell
 * kills the process groups that are still on its list and removes our folders. Frozen groups would stay for ever.
 */
const SCRIPT = `
while read -r action group; do
  case "$action" in
    add) groups="$groups -$group" ;;
    tmp) folders="$folders$group
" ;;
    del) kept=""; for known in $groups; do [ "$known" = "-$group" ] || kept="$kept $known"; done; groups="$kept" ;;
  esac
done
for group in $groups; do kill -s KILL -- "$group" 2>/dev/null; done
printf '%s' "$folders" | while read -r folder; do
  case "$folder" in */lambda-sandbox-*) rm -rf -- "$folder" ;; esac
done
`;

let shell: ChildProcess | undefined;
const groups = new Set<number>();

export const reaper = {
  watch(group: number): void {
    groups.add(group);
    tell(`add ${group}`);
  },
  /** A folder of mkdtemp that goes with this process. */
  watchFolder(folder: string): void {
    tell(`tmp ${folder}`);
  },
  forget(group: number): void {
    if (groups.delete(group)) tell(`del ${group}`);
  },
};

function tell(line: string): void {
  shell ??= start();
  shell.stdin?.write(`${line}\n`);
}

function start(): ChildProcess {
  // a session of its own: Ctrl-C in the terminal must not end it before us
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  child.unref();
  child.stdin?.on('error', () => undefined);
  (child.stdin as unknown as { unref(): void }).unref();
  process.once('exit', () => {
    for (const group of groups) killGroup(group);
  });
  return child;
}

/** SIGKILL for every process of a group; none left is fine. */
export function killGroup(group: number): void {
  signalGroup(group, 'SIGKILL');
}

export function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false; // nobody there any more
  }
}
