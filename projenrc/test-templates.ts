// `npm run test:templates`: cfn-lint and checkov over the templates of the construct. Both are Python programs, of
// exact versions, installed into a virtual environment in a temporary folder.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { synthesizeCases } from '../test/templates/cases';
import { EXPECTED_FINDINGS } from '../test/templates/expected-findings';

const TOOLS = ['cfn-lint==1.58.0', 'checkov==3.3.30'];

const folder = mkdtempSync(join(tmpdir(), 'templates-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: string[], accepted: number[] = [0]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1_048_576,
    env: { ...process.env, PYTHONWARNINGS: 'ignore', LOG_LEVEL: 'ERROR' },
  });
  if (error) throw error;
  if (status === null || !accepted.includes(status))
    throw new Error(`${command} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** What a tool finds, as pairs of a template and the id of a rule. One run for all templates: they start slowly. */
const CHECKS: Record<string, (bin: string, templates: string[]) => [template: string, rule: string][]> = {
  'cfn-lint': (bin, templates) => {
    const output = run(join(bin, 'cfn-lint'), ['--format', 'json', ...templates], [0, 2, 4, 6, 8, 10, 12, 14]);
    const matches = JSON.parse(output || '[]') as { Rule: { Id: string }; Filename: string }[];
    return matches.map(({ Rule, Filename }) => [Filename, Rule.Id]);
  },
  checkov: (bin, templates) => {
    const args = ['--framework', 'cloudformation', '--compact', '--quiet', '--output', 'json', '--file', ...templates];
    const report = JSON.parse(run(join(bin, 'checkov'), args, [0, 1]));
    const found: { check_id: string; resource: string; file_abs_path: string }[] = report.results?.failed_checks ?? [];
    return found.map(({ check_id, resource, file_abs_path }) => [
      file_abs_path,
      `${check_id} ${resource.split('.')[0]}`,
    ]);
  },
};

function installTools(): string {
  const python = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (!python) throw new Error('test:templates needs Python 3.9 or newer on the path');
  run(python, ['-m', 'venv', 'venv']);
  const bin = join(folder, 'venv', process.platform === 'win32' ? 'Scripts' : 'bin');
  console.log(`Installing ${TOOLS.join(' and ')} ...`);
  run(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...TOOLS]);
  return bin;
}

const bin = process.env.TEMPLATE_TOOLS ?? installTools(); // a folder that has both already
const count = { passed: 0, failed: 0 };
const cases = synthesizeCases(join(folder, 'cdk.out'));
for (const [tool, check] of Object.entries(CHECKS)) {
  const findings = check(
    bin,
    cases.map(({ template }) => template),
  );
  const known = new Set(cases.map(({ template }) => basename(template)));
  const stray = findings.filter(([template]) => !known.has(basename(template)));
  if (stray.length > 0) throw new Error(`${tool} speaks of other files: ${JSON.stringify(stray)}`);
  for (const { name, template } of cases) {
    const own = findings.filter(([file]) => basename(file) === basename(template)).map(([, rule]) => rule);
    const found = [...new Set(own)].sort();
    const expected = EXPECTED_FINDINGS[tool]?.[name] ?? [];
    const passed = JSON.stringify(found) === JSON.stringify(expected);
    count[passed ? 'passed' : 'failed'] += 1;
    const verdict = passed ? 'passed' : `FAILED: expected ${expected.join(', ') || 'nothing'}`;
    console.log(`${tool}, ${name}: ${found.join(', ') || 'no findings'} (${verdict})`);
  }
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed === 0 ? 0 : 1;
