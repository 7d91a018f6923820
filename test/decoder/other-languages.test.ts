import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const examples = join(__dirname, '../../examples/consumers');
const output = mkdtempSync(join(tmpdir(), 'consumers-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

function has(tool: string, versionFlag: string): boolean {
  return spawnSync(tool, [versionFlag]).status === 0;
}

function run(tool: string, args: readonly string[], folder: string) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: join(examples, folder), encoding: 'utf8', env });
  return { status, said: `${stdout}${stderr}` };
}

describe.runIf(has('python3', '--version'))('the Python consumer', () => {
  test('passes its own tests', { timeout: 60_000 }, () => {
    const { status, said } = run('python3', ['-m', 'unittest'], 'python');
    expect(said).toMatch(/Ran \d+ tests[\s\S]*OK/);
    expect(status).toBe(0);
  });
});

describe.runIf(has('javac', '-version'))('the Java decoder', () => {
  test('passes its own tests', { timeout: 120_000 }, () => {
    const sources = ['TelemetryDecoder.java', 'TelemetryDecoderTest.java'];
    expect(run('javac', ['-encoding', 'UTF-8', '-d', output, ...sources], 'java')).toEqual({ status: 0, said: '' });
    expect(run('java', ['-cp', output, 'TelemetryDecoderTest'], 'java').said).toMatch(/^\d+ passed, 0 failed/);
  });
});
