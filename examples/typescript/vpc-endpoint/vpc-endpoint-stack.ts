import { join } from 'node:path';
import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { KinesisTelemetryExtension } from '../../../src'; // elsewhere: 'cdk-kinesis-telemetry-extension'

/**
 * A function in subnets without a way to the internet, whose telemetry reaches Kinesis through an interface endpoint.
 */
export class VpcEndpointStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const telemetry = new KinesisTelemetryExtension(this, 'Telemetry');

    const vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    });
    const endpoint = vpc.addInterfaceEndpoint('Kinesis', {
      service: ec2.InterfaceVpcEndpointAwsService.KINESIS_STREAMS, // private DNS and a security group of its own
      open: false, // not for the whole VPC: see below
    });
    // Once an endpoint has a policy, it takes what the policy names and nothing else.
    endpoint.addToPolicy(
      new iam.PolicyStatement({
        principals: [new iam.AnyPrincipal()],
        actions: ['kinesis:PutRecords'],
        resources: [telemetry.stream.streamArn],
      }),
    );

    const fn = new lambda.Function(this, 'Function', {
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(join(__dirname, '../telemetry-stack/lambda')),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    });
    endpoint.connections.allowDefaultPortFrom(fn);
    telemetry.addToFunction(fn);
  }
}
