import { run } from './command';

interface Tool {
  readonly command: string;
  readonly args: readonly string[];
  readonly wanted: string;
  /** The version in the tool's output, and the least that will do. */
  readonly version: RegExp;
  readonly least: readonly [number, number];
}

export const PYTHON = process.platform === 'win32' ? 'python' : 'python3';
const SEMVER = '(\\d+)\\.(\\d+)';

const TOOLS: Record<string, readonly Tool[]> = {
  python: [
    {
      command: PYTHON,
      args: ['-c', 'import sys, venv, ensurepip; print(sys.version)'],
      wanted: 'Python 3.10 with venv and pip',
      version: new RegExp(`^${SEMVER}`),
      least: [3, 10],
    },
  ],
  java: [
    { command: 'javac', args: ['--version'], wanted: 'a JDK 17', version: /javac (\d+)(?:\.(\d+))?/, least: [17, 0] },
    {
      command: 'mvn',
      args: ['--version'],
      wanted: 'Maven 3.6',
      version: new RegExp(`Apache Maven ${SEMVER}`),
      least: [3, 6],
    },
  ],
  go: [{ command: 'go', args: ['version'], wanted: 'Go 1.25', version: new RegExp(`go${SEMVER}`), least: [1, 25] }],
};

/** What a language needs and this machine lacks, in words; empty when all is there. */
export async function missingTools(language: string): Promise<string[]> {
  const missing: string[] = [];
  for (const tool of TOOLS[language] ?? []) {
    const output = await run(tool.command, tool.args, { cwd: process.cwd() }).catch(() => undefined);
    const [, major, minor] = tool.version.exec(output ?? '') ?? [];
    const found = [Number(major), Number(minor ?? 0)] as const;
    if (output === undefined || major === undefined) missing.push(`${tool.wanted} or newer (${tool.command})`);
    else if (found[0] < tool.least[0] || (found[0] === tool.least[0] && found[1] < tool.least[1])) {
      missing.push(`${tool.wanted} or newer (found ${found.join('.')})`);
    }
  }
  return missing;
}
