import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { KinesisTelemetryExtension } from '../../../src'; // elsewhere: 'cdk-kinesis-telemetry-extension'
import { nodeFunction } from './node-function';

/** Owns stream, layer and policy, publishes them as SSM parameters, and has one function with telemetry. */
export class TelemetryStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const telemetry = new KinesisTelemetryExtension(this, 'Telemetry', {
      streamProps: { removalPolicy: RemovalPolicy.DESTROY },
    });
    telemetry.addToFunction(nodeFunction(this, 'Checkout'));
  }
}
