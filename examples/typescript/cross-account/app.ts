import { Annotations, App } from 'aws-cdk-lib';
import { ProducerStack } from './producer-stack';
import { StreamStack } from './stream-stack';

const region = 'eu-west-1';
const [gathering, producing] = ['111111111111', '222222222222'];
const app = new App();

new StreamStack(app, 'Stream', { env: { account: gathering, region }, producerAccounts: [producing] });

const producer = new ProducerStack(app, 'Producer', {
  env: { account: producing, region },
  streamArn: `arn:aws:kinesis:${region}:${gathering}:stream/telemetry`,
  keyArn: `arn:aws:kms:${region}:${gathering}:key/00000000-0000-0000-0000-000000000000`, // from the first deployment
});
Annotations.of(producer).acknowledgeWarning(
  'cdk-kinesis-telemetry-extension:cross-account-stream',
  'StreamStack lists this account in producerAccounts',
);
