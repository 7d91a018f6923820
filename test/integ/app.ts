import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { KinesisTelemetryAspect, KinesisTelemetryExtension } from '../../src';

const DESTROY = { removalPolicy: RemovalPolicy.DESTROY };

function fn(stack: Stack, id: string): lambda.Function {
  return new lambda.Function(stack, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => console.log("hello");'),
  });
}

/**
 * What a maintainer with an account deploys before a release: `npx cdk deploy --all --app 'tsx test/integ/app.ts'`,
 * invoke, look into the stream, `npx cdk destroy --all`. Each stack has its own parameters, so all stand side by side.
 */
export function integApp(app = new App()): App {
  const plain = new Stack(app, 'KteIntegDefault');
  const telemetry = new KinesisTelemetryExtension(plain, 'Telemetry', { streamProps: DESTROY });
  telemetry.addToFunction(fn(plain, 'Function'));

  const keyed = new Stack(app, 'KteIntegCustomerKey');
  const encryptionKey = new kms.Key(keyed, 'Key', { ...DESTROY, enableKeyRotation: true });
  new KinesisTelemetryExtension(keyed, 'Telemetry', {
    parameterPrefix: '/telemetry/integ/customer-key',
    streamProps: { ...DESTROY, encryptionKey },
  }).addToFunction(fn(keyed, 'Function'));

  const tree = new Stack(app, 'KteIntegAspect');
  const shared = new KinesisTelemetryExtension(tree, 'Telemetry', {
    parameterPrefix: '/telemetry/integ/aspect',
    streamProps: DESTROY,
  });
  fn(tree, 'One');
  fn(tree, 'Two');
  KinesisTelemetryAspect.addTo(tree, shared);
  return app;
}

if (require.main === module) integApp().synth();
