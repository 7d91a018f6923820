import { type awscdk, Component } from 'projen';

/**
 * Makes `npm run <script>` work as the first command typed in a fresh clone: installs the locked dependencies when
 * they are missing or the lock file has changed, then hands over to projen.
 */
export class OneCommandScripts extends Component {
  constructor(
    private readonly construct: awscdk.AwsCdkConstructLibrary,
    private readonly tasks: Record<string, string>,
  ) {
    super(construct);
  }

  public preSynthesize(): void {
    for (const [script, task] of Object.entries(this.tasks)) {
      this.construct.package.setScript(script, `node projenrc/ensure-dependencies.mjs && projen ${task}`);
    }
  }
}
