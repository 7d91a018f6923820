import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyCase, type DeliveryCase, outcomeOf } from './delivery-cases';

const examples = join(__dirname, '../../examples/consumers');
const output = mkdtempSync(join(tmpdir(), 'consumers-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

/** Cases made by chance, with all that our own window says of them. */
const RANDOM_CASES = 500;
const randomCases = join(output, 'delivery-window-cases.json');
beforeAll(() => {
  const seed = Date.now() % 2 ** 31;
  const cases: DeliveryCase[] = fc
    .sample(anyCase, { seed, numRuns: RANDOM_CASES })
    .map((one, index) => ({ ...one, name: `seed ${seed}, case ${index}`, expected: outcomeOf(one) }));
  writeFileSync(randomCases, JSON.stringify(cases));
});

function has(tool: string, versionFlag: string): boolean {
  return spawnSync(tool, [versionFlag]).status === 0;
}

function run(tool: string, args: readonly string[], folder: string, variables: Record<string, string> = {}) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...variables };
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: join(examples, folder), encoding: 'utf8', env });
  return { status, said: `${stdout}${stderr}` };
}

describe.runIf(has('python3', '--version'))('the Python consumer', () => {
  test('passes its own tests', { timeout: 60_000 }, () => {
    const { status, said } = run('python3', ['-m', 'unittest'], 'python');
    expect(said).toMatch(/Ran \d+ tests[\s\S]*OK/);
    expect(status).toBe(0);
  });

  test('has a window that says what ours says', { timeout: 60_000 }, () => {
    const variables = { DELIVERY_WINDOW_CASES: randomCases };
    const { status, said } = run(
      'python3',
      ['-m', 'unittest', 'test_delivery_window.SharedCases'],
      'python',
      variables,
    );
    expect(said).toContain(`${RANDOM_CASES} cases`);
    expect(said).toMatch(/Ran 1 test [\s\S]*OK/);
    expect(status).toBe(0);
  });
});

describe.runIf(has('javac', '-version'))('the Java consumer', () => {
  beforeAll(() => {
    // the handler needs Jackson and the events of Lambda
    const sources = readdirSync(join(examples, 'java')).filter((file) => file !== 'TelemetryHandler.java');
    expect(run('javac', ['-encoding', 'UTF-8', '-d', output, ...sources], 'java')).toEqual({ status: 0, said: '' });
  }, 120_000);

  test.each(['TelemetryDecoderTest', 'DeliveryWindowTest'])('passes its own %s', { timeout: 120_000 }, (name) => {
    expect(run('java', ['-cp', output, name], 'java').said).toMatch(/^[1-9]\d* passed, 0 failed/);
  });

  test('has a window that says what ours says', { timeout: 120_000 }, () => {
    const { said } = run('java', ['-cp', output, 'DeliveryWindowTest', randomCases], 'java');
    expect(said).toBe(`${RANDOM_CASES} passed, 0 failed\n`);
  });
});
