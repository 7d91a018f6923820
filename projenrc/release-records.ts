import { type awscdk, Component } from 'projen';

/**
 * What is inside a release: a CycloneDX SBOM, with the licences of what is bundled in the layer (docs/releasing.md).
 */
export class ReleaseRecords extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    const sbom = project.addTask('sbom', {
      description: 'Write dist/sbom.cdx.json and NOTICE: what is bundled in the layer',
      execArgs: ['tsx', 'projenrc/write-sbom.ts'],
    });
    project.packageTask.spawn(sbom);
    project.tasks.tryFind('package:from-clean')?.spawn(sbom);
  }
}
