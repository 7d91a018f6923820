import { App } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { VpcEndpointStack } from '../../../examples/typescript/vpc-endpoint/vpc-endpoint-stack';
import { functionProperties, templateOf } from '../fixture';

const stack = new VpcEndpointStack(new App(), 'Example');
const template = templateOf(stack);
const only = (type: string) => {
  const found = Object.entries(template.findResources(type));
  expect(found).toHaveLength(1);
  return found[0] as [string, { Properties: Record<string, unknown> }];
};

test('lets nothing but PutRecords on the stream through the endpoint', () => {
  const [stream] = only('AWS::Kinesis::Stream');
  expect(only('AWS::EC2::VPCEndpoint')[1].Properties.PolicyDocument).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'kinesis:PutRecords',
        Resource: { 'Fn::GetAtt': [stream, 'Arn'] },
      },
    ],
  });
});

test('has an interface endpoint for Kinesis with private DNS', () => {
  expect(only('AWS::EC2::VPCEndpoint')[1].Properties).toMatchObject({
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: true,
    ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, '.kinesis-streams']] },
  });
});

test('opens the endpoint to the function on port 443, and to nobody else', () => {
  const [, ingress] = only('AWS::EC2::SecurityGroupIngress');
  expect(ingress.Properties).toMatchObject({
    FromPort: 443,
    ToPort: 443,
    GroupId: { 'Fn::GetAtt': [expect.stringContaining('VpcKinesis'), 'GroupId'] },
    SourceSecurityGroupId: { 'Fn::GetAtt': [expect.stringContaining('Function'), 'GroupId'] },
  });
  for (const group of Object.values(template.findResources('AWS::EC2::SecurityGroup'))) {
    expect(group.Properties.SecurityGroupIngress).toBeUndefined();
  }
});

test('has no way to the internet', () => {
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('AWS::EC2::InternetGateway', 0);
});

test('attaches the extension to the function in the VPC', () => {
  expect(functionProperties(stack)).toMatchObject({ Layers: [expect.anything()], VpcConfig: expect.anything() });
});
