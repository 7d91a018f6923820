import { type awscdk, Component } from 'projen';

/** What npm, PyPI and Maven users get: `.npmignore` has no say, and test/package looks into the tarball. */
export class PublishedPackage extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    // `.jsii` must be named: Construct Hub rejects a package without it; what it says is in `.jsii.gz`.
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

    // The decoder is for Lambda consumers, not for jsii: a sub-path of its own. What jsii and CDK tools open stays
    // open.
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
  }
}
