import { awscdk, javascript, ReleasableCommits, typescript } from 'projen';
import { BIOME } from './projenrc/biome';
import { ConstructChecks } from './projenrc/construct-checks';
import { DemoAndBench } from './projenrc/demo-and-bench';
import { DEV_DEPENDENCIES } from './projenrc/dev-dependencies';
import { DocumentationChecks } from './projenrc/documentation-checks';
import { ExtensionLayer } from './projenrc/extension-layer';
import { LanguagePackages } from './projenrc/language-packages';
import { OneCommandScripts } from './projenrc/one-command-scripts';
import { PublishedPackage } from './projenrc/published-package';
import { ReleaseRecords } from './projenrc/release-records';
import { TSCONFIG_DEV } from './projenrc/tsconfig-dev';
import { Vitest } from './projenrc/vitest';
import { Workflows } from './projenrc/workflows';

const repository = 'https://github.com/kinesis-telemetry/cdk-kinesis-telemetry-extension';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-kinesis-telemetry-extension',
  description:
    'AWS CDK construct for a Lambda extension that streams telemetry (function logs and platform events) from the Telemetry API to Amazon Kinesis Data Streams',
  author: 'cdk-kinesis-telemetry-extension contributors',
  authorAddress: 'https://github.com/kinesis-telemetry',
  authorOrganization: true,
  repositoryUrl: `${repository}.git`,
  homepage: `${repository}#readme`,
  bugsUrl: `${repository}/issues`,
  copyrightOwner: 'cdk-kinesis-telemetry-extension contributors',
  copyrightPeriod: '2026',
  license: 'Apache-2.0',
  stability: 'experimental',
  keywords: [
    'aws-cdk',
    'awscdk',
    'aws',
    'lambda',
    'lambda-extension',
    'lambda-layer',
    'telemetry',
    'telemetry-api',
    'kinesis',
    'observability',
    'logs',
  ],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',

  // The floor users may stand on; development uses the newest (devDeps), a task of its own tests the floor.
  // 2.257.0 is the first with Mixins and Validations in the core and the floor of cdk-nag 3.
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  peerDependencyOptions: { pinnedDevDependency: false },
  jsiiVersion: '~6.0.0',
  compressAssembly: true, // .jsii.gz: the closure of dependencies in it is a third of the package otherwise
  typescriptVersion: '~6.0.3', // jsii 6 is TypeScript 6

  projenrcTs: true,
  projenrcTsOptions: {
    filename: '.projenrc.ts',
    runner: typescript.TypeScriptRunner.tsx({ typeCheck: false }),
  },
  disableTsconfig: true, // jsii writes its own tsconfig.json; everything else is seen through tsconfig.dev.json
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: TSCONFIG_DEV,
  sampleCode: false,
  jest: false,
  eslint: false,
  biome: true,
  biomeOptions: BIOME,
  devDeps: DEV_DEPENDENCIES,
  bumpPackage: 'commit-and-tag-version@^12', // 13 needs Node.js 22
  lambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  integrationTestAutoDiscover: false,

  publishToPypi: {
    distName: 'cdk-kinesis-telemetry-extension',
    module: 'cdk_kinesis_telemetry_extension',
    trustedPublishing: true,
  },
  publishToMaven: {
    javaPackage: 'io.github.kinesistelemetry.cdk',
    mavenGroupId: 'io.github.kinesistelemetry',
    mavenArtifactId: 'cdk-kinesis-telemetry-extension',
    mavenServerId: 'central-ossrh',
  },
  publishToGo: {
    moduleName: 'github.com/kinesis-telemetry/cdk-kinesis-telemetry-extension-go',
    packageName: 'kinesistelemetry',
  },
  npmTrustedPublishing: true,
  releasableCommits: ReleasableCommits.featuresAndFixes(),
  postBuildSteps: [{ name: 'The package as users get it', run: 'npx projen test:package' }],
  majorVersion: 0,
  workflowNodeVersion: '24.x',
  githubOptions: {
    mergify: false,
    pullRequestLintOptions: {
      semanticTitleOptions: {
        types: ['feat', 'fix', 'docs', 'test', 'perf', 'refactor', 'build', 'ci', 'chore', 'revert'],
      },
    },
  },
  depsUpgradeOptions: { cooldown: 5 }, // days: time for others to find out
  gitignore: [
    'cdk.out/',
    '/.npmignore',
    '/tsconfig.json',
    '.jsii.tabl.json',
    '/.jsii.gz',
    '*.tgz',
    '*.log',
    '__pycache__/',
    '.venv/',
    '/examples/*/*/**/target/',
    '/examples/go/*/consumer/dist/',
  ],
  npmignoreEnabled: false, // PublishedPackage decides what is published; test/package proves it
});

new PublishedPackage(project);
new ExtensionLayer(project);
new Vitest(project);
new ConstructChecks(project);
new DocumentationChecks(project);
new LanguagePackages(project);
new Workflows(project);
new ReleaseRecords(project);
new DemoAndBench(project);
new OneCommandScripts(project, {
  build: 'build',
  test: 'test',
  demo: 'demo',
  bench: 'bench',
  'bench:fleet': 'bench:fleet',
  'test:package': 'test:package',
  'test:soak': 'test:soak',
  'test:floor': 'test:floor',
  'test:templates': 'test:templates',
  'test:emulator': 'test:emulator',
  package: 'package:from-clean',
  'test:bindings': 'test:bindings',
});

// The tools print a red banner where Node.js 20 is used.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

project.gitattributes.addAttributes('*', 'text=auto', 'eol=lf');
project.gitattributes.addAttributes('*.zip', 'binary');

project.synth();
