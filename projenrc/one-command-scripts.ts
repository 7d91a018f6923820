import { type awscdk, Component } from 'projen';

/**
 * Makes `npm run <task>` work as the first command typed in a fresh clone: installs the locked dependencies when
 * they are missing or the lock file has changed, then hands over to projen.
 */
export class OneCommandScripts extends Component {
  constructor(
    private readonly construct: awscdk.AwsCdkConstructLibrary,
    private readonly taskNames: string[],
  ) {
    super(construct);
  }

  public preSynthesize(): void {
    for (const name of this.taskNames) {
      this.construct.package.setScript(name, `node projenrc/ensure-dependencies.mjs && projen ${name}`);
    }
  }
}
