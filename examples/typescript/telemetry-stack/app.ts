import { App } from 'aws-cdk-lib';
import { TelemetryApiKinesisExtensionStack } from './telemetry-api-kinesis-extension-stack';

// No env: the template suits every account and Region, and synth needs neither credentials nor look-ups.
new TelemetryApiKinesisExtensionStack(new App(), 'TelemetryApiKinesisExtensionStack');
