import { join } from 'node:path';
import { App, type CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { KinesisTelemetryExtension, type KinesisTelemetryExtensionProps } from '../../src';

type Props = (stack: Stack) => KinesisTelemetryExtensionProps;

const env = { account: '111111111111', region: 'eu-west-1' };
const STREAM_ARN = 'arn:aws:kinesis:eu-west-1:111111111111:stream/mine';
const customerKey: Props = (stack) => ({
  streamProps: { encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) },
});

interface Case {
  readonly props?: Props;
  readonly stack?: StackProps;
  /** With a function, whose own findings are listed too. */
  readonly fn?: 'alone' | 'attached';
  readonly spoil?: (telemetry: KinesisTelemetryExtension) => void;
}

/** What other people's checks are run over. */
const CASES: Record<string, Case> = {
  defaults: {},
  'defaults, fixed environment': { stack: { env } },
  'customer key': { props: customerKey },
  'imported stream': { props: (stack) => ({ stream: kinesis.Stream.fromStreamArn(stack, 'Mine', STREAM_ARN) }) },
  'producer accounts': { props: (stack) => ({ ...customerKey(stack), producerAccounts: ['222222222222'] }) },
  'producer organization': { props: (stack) => ({ ...customerKey(stack), producerOrganizations: ['o-a1b2c3d4e5'] }) },
  'a function alone': { fn: 'alone' },
  'attached function': { fn: 'attached' },
  'attached function, CloudWatch Logs denied': {
    fn: 'attached',
    props: () => ({ options: { denyCloudWatchLogs: true } }),
  },
  'in force: not encrypted, and a property that does not exist': {
    props: () => ({ streamProps: { encryption: kinesis.StreamEncryption.UNENCRYPTED } }),
    spoil: ({ stream }) => (stream.node.defaultChild as CfnResource).addPropertyOverride('NoSuchProperty', 1),
  },
};

/** Synthesizes each case as a stack of its own and gives the paths of the templates. */
export function synthesizeCases(outdir: string): { readonly name: string; readonly template: string }[] {
  const app = new App({ outdir, analyticsReporting: false });
  const cases = Object.entries(CASES).map(([name, { props, stack: stackProps, fn, spoil }], index) => {
    // a short name: checkov takes 40 characters of a path in a row for a secret key (CKV_AWS_45)
    const stack = new Stack(app, `Case${index}`, stackProps);
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry', props?.(stack));
    if (fn === 'alone') newFunction(stack);
    if (fn === 'attached') telemetry.addToFunction(newFunction(stack));
    spoil?.(telemetry);
    return { name, template: join(outdir, stack.templateFile) };
  });
  app.synth();
  return cases;
}

function newFunction(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
  });
}
