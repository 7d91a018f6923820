import { type awscdk, Component } from 'projen';

/**
 * Vitest in place of projen's jest (projen has no component for it: projen/projen#4329).
 * Vitest does not type-check, hence the `tsc` step beside it.
 */
export class Vitest extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    const typecheck = project.addTask('typecheck', {
      description: 'Type-check every TypeScript file outside the jsii compilation too',
      execArgs: ['tsc', '--noEmit', '-p', 'tsconfig.dev.json'],
    });
    project.testTask.exec('vitest run', { receiveArgs: true, name: 'vitest' });
    project.testTask.spawn(typecheck);
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
    project.addTask('test:soak', {
      description: 'Long tests: a million events with random faults, freezes of 10 s',
      env: { SOAK: 'true' },
      steps: [{ spawn: 'extension:bundle' }, { execArgs: ['vitest', 'run', '--project', 'soak'], receiveArgs: true }],
    });
    project.addGitIgnore('/coverage/');
    project.addGitIgnore('/test-reports/');
  }
}
