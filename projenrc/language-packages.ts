import { type awscdk, Component } from 'projen';

/**
 * Packages for npm, PyPI, Maven and Go (`npm run package`), and the proof that they can be used (`npm run
 * test:bindings`). Apart from `build`: these need Python, a JDK with Maven, Go, and their registries.
 */
export class LanguagePackages extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    const fromClean = project.addTask('package:from-clean', {
      description: 'Build the npm tarball, the wheel, the jar and the Go module, from clean',
      steps: [{ execArgs: ['rm', '-rf', 'dist', 'lib', '.jsii', '.jsii.gz', '.jsii.tabl.json', 'tsconfig.json'] }],
    });
    fromClean.exec('rm -f assets/*.zip');
    fromClean.spawn(project.preCompileTask);
    fromClean.spawn(project.compileTask);
    fromClean.spawn(project.postCompileTask); // the compiled examples too: pacmak translates them
    for (const language of ['js', 'python', 'java', 'go']) {
      const task = project.tasks.tryFind(`package:${language}`);
      if (task) fromClean.spawn(task);
    }
    this.goModule(project);
    this.compatibility(project);

    project.addTask('test:bindings', {
      description: 'Install each package into an empty project of its language, synthesize, compare the templates',
      execArgs: ['tsx', 'test/bindings/main.ts'],
      receiveArgs: true,
    });
  }

  /**
   * pacmak writes the versions we develop with into go.mod, and with them what Go users must have at least. Code
   * only: test:bindings compiles it, with the floor.
   */
  private goModule(project: awscdk.AwsCdkConstructLibrary): void {
    const task = project.tasks.tryFind('package:go');
    task?.reset('jsii-pacmak -v --target go --code-only');
    task?.exec('tsx projenrc/lower-go-requirements.ts');
  }

  /** jsii-diff only warns of changes to what is experimental, and that is all of this: a check that could not fail. */
  private compatibility(project: awscdk.AwsCdkConstructLibrary): void {
    project.tasks
      .tryFind('compat')
      ?.reset(`jsii-diff npm:${project.package.packageName} --keys --ignore-file .compatignore --error-on all`);
  }
}
