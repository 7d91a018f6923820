import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type Reporter, type TestModule, type TestSpecification } from 'vitest/node';

/** Ends the run with one plain line that any CI can read: `N passed, N failed, N skipped`. */
class PlainSummary implements Reporter {
  public onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      count.failed += module.errors().length; // a file that could not even be loaded has no tests that fail
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  }
}

// Whoever starts them last waits for them alone. Vitest remembers durations, but not from one clone to the next.
const SLOW = ['test/types.', 'e2e/faults', 'e2e/safety-nets.', 'e2e/shutdown.', 'package/construct-hub.'];

class SlowFirst extends BaseSequencer {
  public async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = SLOW.findIndex((part) => moduleId.includes(part));
      return found < 0 ? SLOW.length : found;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

type ProjectOptions = NonNullable<TestProjectInlineConfiguration['test']>;

/**
 * Projects of one group run beside each other, groups one after the other. Three workers for two processors: most tests
 * wait, for other processes or for what a worker loads.
 */
function project(name: string, groupOrder: number, options: ProjectOptions): TestProjectInlineConfiguration {
  return { test: { name, testTimeout: 30_000, maxWorkers: 3, sequence: { groupOrder }, ...options } };
}

// What has to be compiled, packed, rendered, run as users run it, or held against whole rule packs: `npm run test:package`.
const PACKAGE = [
  'test/package/{api-docs,construct-hub,package-contents}.test.ts',
  'test/construct/{rule-packs,*.rules}.test.ts',
  'test/construct/examples/**/*.test.ts', // by the CDK command line, bundled, under rule packs
  'test/decoder/other-languages.test.ts', // compilers of other languages
  'test/sandbox/demo.test.ts', // seven times, once to the end of its patience
];

// Bounds of a few milliseconds in real time, of memory, or all that a processor can do: one file at a time, or they
// measure each other.
const EXACT = ['test/e2e/{burst,flush,managed-instances}.test.ts'];

const QUICK = [
  project('unit', 0, {
    include: ['test/{bench,construct,extension,package,decoder,transform}/**/*.test.ts'],
    exclude: PACKAGE,
    isolate: false, // our modules are new for each file all the same; aws-cdk-lib is loaded once, not forty times
  }),
  project('sandbox', 1, { include: ['test/{sandbox,queries}/**/*.test.ts'], exclude: PACKAGE }),
  project('e2e', 2, { include: ['test/e2e/**/*.test.ts'], exclude: EXACT }),
  project('types', 2, { include: ['test/types.test.ts'] }), // beside those that leave a processor idle
  project('exact', 3, { include: EXACT, maxWorkers: 1 }),
];

// Long: a command of its own each, which sets the variable.
const LONG = {
  PACKAGE_TESTS: project('package', 4, { include: PACKAGE, maxWorkers: 2 }),
  SOAK: project('soak', 5, { include: ['test/soak/**/*.test.ts'], maxWorkers: 1 }),
};
const wanted = Object.entries(LONG).filter(([variable]) => process.env[variable] !== undefined);

export default defineConfig({
  test: {
    reporters: ['default', new PlainSummary()],
    sequence: { sequencer: SlowFirst },
    projects: [...QUICK, ...wanted.map(([, long]) => long)],
  },
});
