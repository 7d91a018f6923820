import type { Stack } from 'aws-cdk-lib';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { expect } from 'vitest';
import {
  TelemetryArchive,
  type TelemetryArchiveProps,
  TelemetryChannelArchive,
  type TelemetryChannelArchiveProps,
} from '../../src';
import { parseSettings, SETTINGS_VARIABLE, type TransformSettings } from '../../transform/src/settings';
import { functionProperties, newStack, templateOf } from './fixture';

/** An archive by Firehose in a stack that has nothing else. */
export function newArchive(props: Partial<TelemetryArchiveProps> = {}, stack = newStack()) {
  const stream = props.stream ?? new kinesis.Stream(stack, 'Stream', { encryption: kinesis.StreamEncryption.MANAGED });
  const archive = new TelemetryArchive(stack, 'Archive', { stream, ...props });
  return { stack, stream, archive, template: templateOf(stack) };
}

/** An archive by a channel in a stack that has nothing else. */
export function newChannelArchive(props: Partial<TelemetryChannelArchiveProps> = {}, stack = newStack()) {
  const stream = props.stream ?? newChannelStream(stack);
  const archive = new TelemetryChannelArchive(stack, 'Archive', { stream, ...props });
  return { stack, stream, archive, template: templateOf(stack) };
}

/** A stream that AWS makes a channel from, unless `props` make it another one. */
export function newChannelStream(stack: Stack, props: kinesis.StreamProps = {}, id = 'Stream') {
  const streamMode = props.shardCount === undefined ? kinesis.StreamMode.ON_DEMAND : undefined;
  const encryption = props.encryptionKey ? undefined : kinesis.StreamEncryption.UNENCRYPTED;
  return new kinesis.Stream(stack, id, { streamMode, encryption, ...props });
}

/** The oldest aws-cdk-lib that we support knows no channels: `npm run test:floor` runs the tests with it. */
export const coreKnowsChannels = 'CfnChannel' in kinesis;

interface Made {
  readonly template: ReturnType<typeof templateOf>;
}

/** The properties of the resources of a type. */
// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
export function propertiesOf({ template }: Made, type: string): any[] {
  return Object.values(template.findResources(type)).map(({ Properties }) => Properties);
}

/** The properties of the only resource of a type. */
// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
export function onlyOf(made: Made, type: string): any {
  const found = propertiesOf(made, type);
  expect(found).toHaveLength(1);
  return found[0];
}

/** Where Firehose writes, and what it does before. */
// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
export function destinationOf(made: Made): any {
  return onlyOf(made, 'AWS::KinesisFirehose::DeliveryStream').ExtendedS3DestinationConfiguration;
}

/** `Action`, `Resource` and `Condition` of the statements of the only policy: what Firehose, or the channel, may do. */
export function rightsOf(made: Made): [string[], unknown, unknown][] {
  return onlyOf(made, 'AWS::IAM::ManagedPolicy').PolicyDocument.Statement.map(
    // biome-ignore lint/suspicious/noExplicitAny: templates are untyped
    ({ Action, Resource, Condition }: any) => [[Action].flat(), Resource, Condition],
  );
}

/** How Firehose is told to call the function, by the names of the parameters. */
export function parametersOf(made: Made): Record<string, unknown> {
  const [processor] = destinationOf(made).ProcessingConfiguration.Processors;
  return Object.fromEntries(
    processor.Parameters.map((one: { ParameterName: string; ParameterValue: unknown }) => [
      one.ParameterName,
      one.ParameterValue,
    ]),
  );
}

/** What the function is told, as it reads it. */
export function settingsOf({ stack }: { readonly stack: Stack }): TransformSettings {
  return parseSettings(functionProperties(stack, 'ArchiveTransform').Environment.Variables[SETTINGS_VARIABLE]);
}

/** What the channel is made of. */
// biome-ignore lint/suspicious/noExplicitAny: templates are untyped
export function channelOf(made: Made): any {
  return onlyOf(made, 'AWS::Kinesis::Channel');
}
