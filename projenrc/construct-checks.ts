import { type awscdk, Component } from 'projen';

/**
 * Checks of the construct that need something installed beside the checkout: too slow, or too foreign, for `npm test`.
 */
export class ConstructChecks extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    const bundle = project.tasks.tryFind('extension:bundle');
    if (!bundle) throw new Error('ConstructChecks needs the task extension:bundle: create ExtensionLayer before it');
    project.addTask('test:floor', {
      description: 'The construct tests against the oldest aws-cdk-lib and constructs that users may have',
      steps: [{ spawn: bundle.name }, { execArgs: ['node', 'projenrc/test-floor.mjs'] }],
    });
    project.addTask('test:templates', {
      description: 'cfn-lint and checkov (Python) over the templates of the construct',
      steps: [{ spawn: bundle.name }, { execArgs: ['tsx', 'projenrc/test-templates.ts'] }],
    });
    project.addTask('test:emulator', {
      description: 'The examples deployed into an emulator of AWS (Python, no Docker), and asked what is there',
      steps: [{ spawn: bundle.name }, { execArgs: ['tsx', 'projenrc/test-emulator.ts'] }],
    });
    project.addGitIgnore('/examples/container-image/*.zip'); // the example's CDK app copies it there
  }
}
