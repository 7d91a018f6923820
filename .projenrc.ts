import { awscdk, javascript, ReleasableCommits, typescript } from 'projen';
import { ConstructChecks } from './projenrc/construct-checks';
import { DocumentationChecks } from './projenrc/documentation-checks';
import { ExtensionLayer } from './projenrc/extension-layer';
import { LanguagePackages } from './projenrc/language-packages';
import { OneCommandScripts } from './projenrc/one-command-scripts';
import { ReleaseRecords } from './projenrc/release-records';
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
  tsconfigDev: {
    include: [
      '.projenrc.ts',
      'projenrc/**/*.ts',
      'extension/**/*.ts',
      'transform/**/*.ts',
      'sandbox/**/*.ts',
      'bench/**/*.ts',
      'examples/typescript/**/*.ts',
      'examples/consumers/typescript/**/*.ts',
      'vitest.config.mts',
    ],
    exclude: ['test/bindings/apps'], // imports the package by its name: test:bindings compiles it, with the package built
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2023'],
      module: 'ESNext',
      moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      skipLibCheck: true,
      stripInternal: false,
      types: ['node'],
    },
  },
  sampleCode: false,
  jest: false,
  eslint: false,
  biome: true,
  biomeOptions: {
    version: '~2.5.15', // 2.6.x lacks platform packages in some registries: npm ci then refuses the lock file
    biomeConfig: {
      formatter: { indentStyle: javascript.biome_config.IndentStyle.SPACE, indentWidth: 2, lineWidth: 120 },
      javascript: { formatter: { quoteStyle: javascript.biome_config.QuoteStyle.SINGLE } },
      files: {
        includes: [
          'src/**',
          'extension/**',
          'transform/**',
          'sandbox/**',
          'bench/**',
          '!bench/results',
          'projenrc/**',
          'examples/typescript/**',
          'examples/consumers/typescript/**',
          'test/**',
          '!test/**/*.template.json', // snapshots: as JSON.stringify writes them
        ],
      },
      linter: { rules: { nursery: { noFloatingPromises: 'error' }, style: { useNodejsImportProtocol: 'off' } } },
      overrides: [
        {
          // jsii does not notice that src/ imports a devDependency; this does
          includes: ['src/**'],
          linter: {
            rules: {
              correctness: { noUndeclaredDependencies: { level: 'error', options: { devDependencies: false } } },
            },
          },
        },
      ],
    },
  },
  devDeps: [
    'aws-cdk-lib@^2.276.0',
    'constructs@^10.8.1',
    'aws-cdk@^2.1148.1', // npm's `latest` is a stray 3.0.0 that cannot read today's assemblies
    '@aws-lambda-powertools/batch@^2.35.0',
    '@aws-sdk/client-kinesis@^3.1143.0',
    '@duckdb/node-api@1.5.5-r.5', // exact: its other versions lack platform packages in some registries, as biome's do
    '@cdklabs/cdk-validator-cfnguard@0.0.62', // exact: cfn-guard itself and its rules are inside
    '@types/node@^20',
    '@smithy/node-http-handler@^4.14.2',
    '@smithy/signature-v4@^5',
    '@vitest/coverage-v8@^4.1.12',
    'cdk-nag@^3.0.2',
    'esbuild@0.28.2', // exact: the bytes it writes are part of what we ship
    'fast-check@^4.10.2',
    'fflate@0.8.2', // exact, as esbuild: writes the layer zip, the same bytes under every Node.js version
    'kinesis-local@^0.6.2',
    'tsx@^4.23.15',
    'undici@^7.30.2', // 8 needs Node.js 22
    'vitest@^4.1.12', // 5 needs Node.js 22
  ],
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
  npmignoreEnabled: false, // `files` below decides what is published; test/package proves it
});

// What npm, PyPI and Maven users get. `.jsii` must be named: Construct Hub rejects a package without it; what it
// says is in `.jsii.gz`.
project.package.addField('files', [
  '.jsii',
  '.jsii.gz',
  'API.md',
  'CHANGELOG.md',
  'NOTICE',
  'assets/*.zip',
  'lib/**/*.js',
  'lib/**/*.d.ts',
]);

// The decoder is for Lambda consumers, not for jsii: a sub-path of its own. What jsii and CDK tools open stays open.
project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './decoder': { types: './lib/decoder/index.d.ts', default: './lib/decoder/index.js' },
  './.jsii': './.jsii',
  './.jsii.gz': './.jsii.gz',
  './package.json': './package.json',
  './assets/*': './assets/*',
  './lib/*': './lib/*',
});
// for TypeScript projects with the old `moduleResolution: node`, which do not look at `exports`
project.package.addField('typesVersions', { '*': { decoder: ['lib/decoder/index.d.ts'] } });

// jsii would put every source into its .js file again as an inline map: a third of the package.
project.package.file.addOverride('jsii.tsc.sourceMap', false);

// `build` packages for npm; Python, Java and Go have tool chains of their own: `npx projen package-all`.
project.packageTask.reset();
const packageJs = project.tasks.tryFind('package:js');
if (packageJs) project.packageTask.spawn(packageJs);

new ExtensionLayer(project);
new Vitest(project);
new ConstructChecks(project);
new DocumentationChecks(project);
new LanguagePackages(project);
new Workflows(project);
new ReleaseRecords(project);
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

project.addTask('demo', {
  description: 'A Lambda sandbox on this machine: a real handler, the built layer, a Kinesis endpoint',
  steps: [{ spawn: 'extension:bundle' }, { execArgs: ['tsx', 'sandbox/src/demo/main.ts'], receiveArgs: true }],
});

project.addTask('bench', {
  description: 'Measure what the extension costs, beside the least a Node.js extension can be',
  steps: [{ spawn: 'extension:bundle' }, { execArgs: ['tsx', 'bench/main.ts'], receiveArgs: true }],
});

project.addTask('bench:fleet', {
  description: 'Simulate a fleet with the real encoder and key choice: the figures of docs/cost-and-scale.md',
  execArgs: ['tsx', 'bench/fleet.ts'],
});

// The tools print a red banner where Node.js 20 is used.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

project.gitattributes.addAttributes('*', 'text=auto', 'eol=lf');
project.gitattributes.addAttributes('*.zip', 'binary');

project.synth();
