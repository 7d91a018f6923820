import { type awscdk, Component } from 'projen';

/**
 * Vitest in place of projen's jest (projen has no component for it: projen/projen#4329).
 * Vitest does not type-check: test/types.test.ts does, beside tests that leave the processor idle.
 */
export class Vitest extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    project.addTask('typecheck', {
      description: 'Type-check every TypeScript file outside the jsii compilation too',
      execArgs: ['tsc', '--noEmit', '-p', 'tsconfig.dev.json'],
    });
    project.testTask.exec('vitest run', { receiveArgs: true, name: 'vitest' });
    project.addTask('test:watch', {
      description: 'Run vitest in watch mode',
      execArgs: ['vitest'],
      receiveArgs: true,
    });
    project.addTask('test:update', {
      description: 'Run vitest and update snapshots',
      execArgs: ['vitest', 'run', '--update'],
      receiveArgs: true,
    });
    project.addTask('test:package', {
      description: 'What users get: the package, its API docs in every language, examples, demo, rule packs',
      env: { PACKAGE_TESTS: 'true' },
      steps: [
        { spawn: 'extension:bundle' },
        { execArgs: ['vitest', 'run', '--project', 'package'], receiveArgs: true },
      ],
    });
    project.addTask('test:soak', {
      description: 'Long tests: a million events with random faults, freezes of 10 s',
      env: { SOAK: 'true' },
      steps: [{ spawn: 'extension:bundle' }, { execArgs: ['vitest', 'run', '--project', 'soak'], receiveArgs: true }],
    });
    project.addGitIgnore('/coverage/');
    project.addGitIgnore('/test-reports/');
  }
}
