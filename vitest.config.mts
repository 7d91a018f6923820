import { defineConfig } from 'vitest/config';
import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one plain line that any CI can read: `N passed, N failed, N skipped`. */
class PlainSummary implements Reporter {
  public onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
    }
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  }
}

export default defineConfig({
  test: {
    reporters: ['default', new PlainSummary()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{bench,construct,extension,package,decoder}/**/*.test.ts'],
          testTimeout: 30_000, // the first `new App()` loads aws-cdk-lib from disk
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'sandbox',
          include: ['test/{sandbox,queries}/**/*.test.ts'],
          testTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          // Real processes and real time: one file at a time, or they measure each other.
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 30_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
      // Long: `npm run test:soak` only
      ...(process.env.SOAK === undefined
        ? []
        : [{ test: { name: 'soak', include: ['test/soak/**/*.test.ts'], maxWorkers: 1, sequence: { groupOrder: 3 } } }]),
    ],
  },
});
