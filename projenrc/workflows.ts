import { type awscdk, Component, YamlFile } from 'projen';
import { ActionRefs, GithubWorkflow, workflows } from 'projen/lib/github';

/** Actions by commit, the tag beside it. projen pins the rest itself; what it leaves at a tag is here. */
const PINS: Record<string, string> = {
  'actions/setup-node': 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020', // v7.0.0
  'actions/setup-java': 'actions/setup-java@dd06d9cba3e5552c54d9f8ea23572deb30010f7c', // v6.0.0
  'actions/setup-python': 'actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97', // v7.0.0
  'actions/setup-go': 'actions/setup-go@b7ad1dad31e06c5925ef5d2fc7ad053ef454303e', // v7.0.0
  'peter-evans/create-pull-request': 'peter-evans/create-pull-request@5f6978faf089d4d20b00c7766989d076bb2fc7f1', // v8.1.1
  'github/codeql-action/init': 'github/codeql-action/init@9e907b5e64f6b83e7804b09294d44122997950d6', // v4.32.3
  'github/codeql-action/analyze': 'github/codeql-action/analyze@9e907b5e64f6b83e7804b09294d44122997950d6', // v4.32.3
};

const JAVA = '17';
const PYTHON = '3.13';
const GO = '1.25';

/** Pinned actions, the whole of CI on Node.js 22 and 24, and CodeQL. */
export class Workflows extends Component {
  constructor(private readonly construct: awscdk.AwsCdkConstructLibrary) {
    super(construct);
    for (const [action, pinned] of Object.entries(PINS)) construct.github?.actions.set(action, pinned);
    this.ci();
    this.codeql();
    this.issueForms();
  }

  private checkout(): workflows.JobStep {
    return { name: 'Checkout', uses: ActionRefs.ACTIONS_CHECKOUT, with: { 'persist-credentials': false } };
  }

  /**
   * What .ci/run does, under each version of Node.js; with the tools of all languages, whose lack would be a failure.
   */
  private ci(): void {
    const workflow = new GithubWorkflow(required(this.construct.github), 'ci');
    workflow.on({ pullRequest: {}, push: { branches: ['main'] }, workflowDispatch: {} });
    workflow.addJob('ci', {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's syntax
      name: 'Node.js ${{ matrix.node }}',
      runsOn: ['ubuntu-latest'],
      permissions: { contents: workflows.JobPermission.READ },
      timeoutMinutes: 60,
      strategy: { failFast: false, matrix: { domain: { node: ['22', '24'] } } },
      env: { CI: 'true' },
      steps: [
        this.checkout(),
        // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's syntax
        { uses: 'actions/setup-node', with: { 'node-version': '${{ matrix.node }}', 'package-manager-cache': false } },
        { uses: 'actions/setup-python', with: { 'python-version': PYTHON } },
        { uses: 'actions/setup-java', with: { distribution: 'corretto', 'java-version': JAVA } },
        { uses: 'actions/setup-go', with: { 'go-version': GO, cache: false } },
        { name: 'Everything a release depends on', run: 'bash .ci/run' },
      ],
    });
  }

  private codeql(): void {
    const workflow = new GithubWorkflow(required(this.construct.github), 'codeql');
    workflow.on({ pullRequest: {}, push: { branches: ['main'] }, schedule: [{ cron: '17 3 * * 1' }] });
    workflow.addJob('analyze', {
      runsOn: ['ubuntu-latest'],
      permissions: {
        contents: workflows.JobPermission.READ,
        securityEvents: workflows.JobPermission.WRITE,
        actions: workflows.JobPermission.READ,
      },
      steps: [
        this.checkout(),
        {
          uses: 'github/codeql-action/init',
          with: { languages: 'javascript-typescript, actions', queries: 'security-extended' },
        },
        { uses: 'github/codeql-action/analyze' },
      ],
    });
  }

  private issueForms(): void {
    const text = (id: string, label: string, description: string, required: boolean, type = 'input') => ({
      type,
      id,
      attributes: { label, description },
      validations: { required },
    });
    const choice = (id: string, label: string, options: string[]) => ({
      type: 'dropdown',
      id,
      attributes: { label, options },
      validations: { required: true },
    });
    this.form('bug', {
      name: 'Bug',
      description: 'Something does not do what its documentation says',
      labels: ['bug'],
      body: [
        text('what', 'What happens, and what should', 'With the message or log line, as text', true, 'textarea'),
        text('repeat', 'How to see it', 'The least CDK code that shows it', true, 'textarea'),
        text('version', 'Version of cdk-kinesis-telemetry-extension', '', true),
        text('cdk', 'Version of aws-cdk-lib', '', true),
        choice('language', 'Language of the CDK app', ['TypeScript', 'JavaScript', 'Python', 'Java', 'Go']),
        choice('runtime', "The function's runtime", [
          'nodejs20.x',
          'nodejs22.x',
          'nodejs24.x',
          'a container image',
          'another',
        ]),
        choice('architecture', 'Architecture', ['arm64', 'x86_64', 'does not matter']),
        choice('path', 'How the extension came to the function', [
          'addToFunction or addToFunctions',
          'mixin or Aspect',
          'fromParameters or fromAttributes',
          'the layer, attached by hand',
          'it happens at synth',
        ]),
        text('ledger', 'The last extension.stats line', 'Where telemetry is late or missing', false, 'textarea'),
      ],
    });
    this.form('feature', {
      name: 'Feature',
      description: 'Something it should do',
      labels: ['enhancement'],
      body: [
        text('need', 'What you want to do', 'Rather the need than the solution', true, 'textarea'),
        text('now', 'What you do instead today', '', false, 'textarea'),
        text('api', 'What it could look like', 'A few lines of CDK code, or of a record', false, 'textarea'),
      ],
    });
    new YamlFile(this.construct, '.github/ISSUE_TEMPLATE/config.yml', {
      obj: {
        blank_issues_enabled: false,
        contact_links: [
          {
            name: 'Vulnerability',
            url: 'https://github.com/kinesis-telemetry/cdk-kinesis-telemetry-extension/security/advisories/new',
            about: 'Report it privately, see SECURITY.md',
          },
        ],
      },
    });
  }

  private form(name: string, form: Record<string, unknown>): void {
    new YamlFile(this.construct, `.github/ISSUE_TEMPLATE/${name}.yml`, { obj: form });
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the project has no GitHub component');
  return value;
}
