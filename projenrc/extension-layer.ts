import { type awscdk, Component } from 'projen';

/**
 * Builds `extension/` into `assets/kinesis-telemetry-extension.zip`, before jsii compiles and before every
 * command that needs the layer. The zip is build output: ignored by git, shipped to npm.
 */
export class ExtensionLayer extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    const bundle = project.addTask('extension:bundle', {
      description: 'Bundle the extension and write the layer zip into assets/',
      execArgs: ['tsx', 'extension/build/main.ts'],
    });
    project.preCompileTask.spawn(bundle);
    project.testTask.prependSpawn(bundle);
    project.addGitIgnore('/assets/*.zip');
  }
}
