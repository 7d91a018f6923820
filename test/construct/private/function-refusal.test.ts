import { App, Stack } from 'aws-cdk-lib';
import { experimental } from 'aws-cdk-lib/aws-cloudfront';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';
import { KinesisTelemetryExtension } from '../../../src';
import { errorOf, functionProperties, HERE, newFunction, newImageFunction, newStack, templateOf } from '../fixture';

function refusalOf(make: (stack: Stack) => lambda.IFunction, stack = newStack({ env: HERE })) {
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const fn = make(stack);
  return errorOf(() => telemetry.addToFunction(fn));
}

const functionArn = 'arn:aws:lambda:eu-west-1:111111111111:function:theirs';

const edgeProps = {
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: 'index.handler',
  code: lambda.Code.fromInline('exports.handler = async () => {}'),
};

test('fails for a container image and tells how to put the extension into it', () => {
  const error = refusalOf((stack) => newImageFunction(stack));
  expect(error.code).toBe('KTE_IMAGE_FUNCTION');
  expect(error.message).toContain('Stack/Function');
  expect(error.message).toContain('examples/container-image/Dockerfile');
  expect(error.message).toContain('addToImageFunction');
});

test('fails for an EdgeFunction', () => {
  const stack = newStack({ env: { ...HERE, region: 'us-east-1' } });
  const error = refusalOf(() => new experimental.EdgeFunction(stack, 'Function', edgeProps), stack);
  expect(error.code).toBe('KTE_EDGE_FUNCTION');
});

test('fails for the function that an EdgeFunction puts into its stack in us-east-1', () => {
  const app = new App();
  const stack = newStack({ env: HERE }, app);
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  new experimental.EdgeFunction(stack, 'Function', edgeProps);
  const [hidden] = app.node.findAll().filter((c): c is lambda.Function => c instanceof lambda.Function);
  expect(errorOf(() => telemetry.addToFunction(hidden as lambda.Function)).code).toBe('KTE_EDGE_FUNCTION');
});

test.each([
  lambda.Runtime.PYTHON_3_13,
  lambda.Runtime.JAVA_21,
  lambda.Runtime.PROVIDED_AL2023,
  new lambda.Runtime('python99.x'),
])('fails for the runtime $name', (runtime) => {
  const error = refusalOf((stack) =>
    newFunction(stack, 'Function', { runtime, code: lambda.Code.fromAsset(__dirname) }),
  );
  expect(error.code).toBe('KTE_RUNTIME');
  expect(error.message).toContain(`runtime ${runtime.name}`);
});

test('fails for an imported function and shows what to attach by hand', () => {
  const stack = newStack({ env: HERE });
  const telemetry = KinesisTelemetryExtension.fromAttributes(stack, 'Telemetry', {
    layerVersionArn: 'arn:aws:lambda:eu-west-1:111111111111:layer:telemetry:7',
    streamArn: 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine',
    managedPolicyArn: 'arn:aws:iam::111111111111:policy/writer',
  });
  const fn = lambda.Function.fromFunctionArn(stack, 'Function', functionArn);
  const error = errorOf(() => telemetry.addToFunction(fn));
  expect(error.code).toBe('KTE_IMPORTED_FUNCTION');
  expect(error.message).toContain('layer arn:aws:lambda:eu-west-1:111111111111:layer:telemetry:7');
  expect(error.message).toContain('policy arn:aws:iam::111111111111:policy/writer');
  expect(error.message).toContain('KINESIS_TELEMETRY_STREAM=arn:aws:kinesis:eu-west-1:111111111111:stream/mine');
});

test('shows no tokens in the message about an imported function', () => {
  const error = refusalOf((stack) => lambda.Function.fromFunctionArn(stack, 'Function', functionArn));
  expect(error.message).not.toContain('${Token');
});

test('fails for a version and points at its function', () => {
  const error = refusalOf((stack) => newFunction(stack).currentVersion);
  expect(error.code).toBe('KTE_VERSION_OR_ALIAS');
  expect(error.message).toContain('version.lambda');
});

test('fails for an alias and points at its function', () => {
  const error = refusalOf((stack) => newFunction(stack).addAlias('live'));
  expect(error.code).toBe('KTE_VERSION_OR_ALIAS');
  expect(error.message).toContain('alias.version.lambda');
});

function layers(stack: Stack, count: number) {
  return Array.from({ length: count }, (_, i) =>
    lambda.LayerVersion.fromLayerVersionArn(stack, `Layer${i}`, `arn:aws:lambda:eu-west-1:1:layer:l${i}:1`),
  );
}

test('fails for a function that has five other layers', () => {
  const error = refusalOf((stack) => newFunction(stack, 'Function', { layers: layers(stack, 5) }));
  expect(error.code).toBe('KTE_TOO_MANY_LAYERS');
  expect(error.message).toContain('found:   5 layers');
});

test('takes the fifth place of a function that has four layers', () => {
  const stack = newStack({ env: HERE });
  const fn = newFunction(stack, 'Function', { layers: layers(stack, 4) });
  new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn);
  expect(functionProperties(stack).Layers).toHaveLength(5);
});

test('does not count its own layer when the function has it from elsewhere', () => {
  const stack = newStack({ env: HERE });
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const fn = newFunction(stack, 'Function', { layers: [...layers(stack, 4), telemetry.layerVersion] });
  telemetry.addToFunction(fn);
  expect(functionProperties(stack).Layers).toHaveLength(5);
});

test('fails when the layer is in another Region', () => {
  const app = new App();
  const owner = newStack({ env: HERE }, app);
  const user = new Stack(app, 'User', { env: { ...HERE, region: 'us-east-1' } });
  const telemetry = new KinesisTelemetryExtension(owner, 'Telemetry');
  const error = errorOf(() => telemetry.addToFunction(newFunction(user)));
  expect(error.code).toBe('KTE_LAYER_REGION');
  expect(error.message).toContain('function in us-east-1, layer in eu-west-1');
});

test('leaves a refused function as it was', () => {
  const stack = newStack({ env: HERE });
  const fn = newFunction(stack, 'Function', { environment: { KINESIS_TELEMETRY_STREAM: 'theirs' } });
  errorOf(() => new KinesisTelemetryExtension(stack, 'Telemetry').addToFunction(fn));
  expect(functionProperties(stack).Layers).toBeUndefined();
  const [role] = Object.values(templateOf(stack).findResources('AWS::IAM::Role'));
  expect(role?.Properties.ManagedPolicyArns).toHaveLength(1);
});
