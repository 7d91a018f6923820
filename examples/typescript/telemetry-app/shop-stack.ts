import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { KinesisTelemetryAspect, KinesisTelemetryExtension } from '../../../src'; // elsewhere: 'cdk-kinesis-telemetry-extension'
import { nodeFunction } from './node-function';

/** Another stack: finds the extension by its parameters, and attaches it to every function there is. */
export class ShopStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    nodeFunction(this, 'Cart');
    nodeFunction(this, 'Search');
    KinesisTelemetryAspect.addTo(this, KinesisTelemetryExtension.fromParameters(this, 'Telemetry'));
  }
}
