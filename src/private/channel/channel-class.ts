import { createRequire } from 'node:module';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type { IConstruct } from 'constructs';
import { telemetryError } from '../errors';

/** The first aws-cdk-lib on npm with `aws_kinesis.CfnChannel`: 2.271.0 has none, and there is no 2.272. */
export const FIRST_VERSION = '2.273.0';

/**
 * The core's class for channels. It is younger than the oldest aws-cdk-lib that this library supports, so it is asked
 * for when a channel is made, and no type of it stands in the public API: Python looks types up when it imports.
 *
 * @param scope for the message
 * @param core the module as it is installed
 */
export function channelClass(
  scope: IConstruct,
  core: { readonly CfnChannel?: typeof kinesis.CfnChannel } = kinesis,
): typeof kinesis.CfnChannel {
  if (core.CfnChannel) return core.CfnChannel;
  throw telemetryError(scope, {
    code: 'KTE_CHANNEL_UNKNOWN',
    wrong: 'the installed aws-cdk-lib does not know Kinesis channels',
    found: `aws-cdk-lib ${installedVersion()} without aws_kinesis.CfnChannel`,
    allowed: `aws-cdk-lib ${FIRST_VERSION} or newer`,
    instead: `update it (npm install aws-cdk-lib@^${FIRST_VERSION}), or use TelemetryArchive`,
  });
}

function installedVersion(): string {
  const { version } = createRequire(__filename)('aws-cdk-lib/package.json') as { version: string };
  return version;
}
