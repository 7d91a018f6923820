import { CfnResource } from 'aws-cdk-lib';
import type * as kinesis from 'aws-cdk-lib/aws-kinesis';

/** The L1 of a stream that is defined in this app; undefined for an imported one. */
export function streamResource(stream: kinesis.IStream): kinesis.CfnStream | undefined {
  const resource = stream.node.defaultChild;
  const isStream = CfnResource.isCfnResource(resource) && resource.cfnResourceType === 'AWS::Kinesis::Stream';
  return isStream ? (resource as kinesis.CfnStream) : undefined;
}
