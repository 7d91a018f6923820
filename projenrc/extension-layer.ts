import { type awscdk, Component } from 'projen';

/**
 * Builds `extension/` into `assets/kinesis-telemetry-extension.zip` and `transform/` into
 * `assets/telemetry-transform.zip`, before jsii compiles and before every command that needs them. They are build
 * output: ignored by git, shipped to npm.
 */
export class ExtensionLayer extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    const bundle = project.addTask('extension:bundle', {
      description: 'Bundle the extension and the transform step and write their zips into assets/',
      execArgs: ['tsx', 'extension/build/main.ts'],
    });
    project.preCompileTask.spawn(bundle);
    project.testTask.prependSpawn(bundle);
    project.addGitIgnore('/assets/*.zip');
  }
}
