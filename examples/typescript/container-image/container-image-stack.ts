import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack, type StackProps } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { KinesisTelemetryExtension } from '../../../src'; // elsewhere: 'cdk-kinesis-telemetry-extension'

const IMAGE = join(__dirname, '../../container-image');
const ZIP = 'kinesis-telemetry-extension.zip';
// elsewhere: join(dirname(require.resolve('cdk-kinesis-telemetry-extension/package.json')), 'assets')
const ASSETS = join(__dirname, '../../../assets');

/** A function deployed as a container image that carries the extension itself. */
export class ContainerImageStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const telemetry = new KinesisTelemetryExtension(this, 'Telemetry');

    copyFileSync(join(ASSETS, ZIP), join(IMAGE, ZIP)); // into the image's asset and its hash; ignored by git
    const code = lambda.DockerImageCode.fromImageAsset(IMAGE, { exclude: ['README.md'] });
    const fn = new lambda.DockerImageFunction(this, 'Function', { code });
    telemetry.addToImageFunction(fn);
  }
}
