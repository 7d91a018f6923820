import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ExtensionOptions } from '../extension-options';
import { SelfMetrics } from '../self-metrics';
import { warnOnExport, warnOnRuntime } from './attach-warnings';
import { attachmentOf, markAttached } from './attachment';
import { attachedRefusal, variableRefusal } from './attachment-refusal';
import { type Complaint, telemetryError } from './errors';
import { extensionEnvironment, VARIABLE } from './extension-environment';
import { givePermissions } from './function-permissions';
import { functionRefusal, imageFunctionRefusal } from './function-refusal';
import { type AttachableFunction, isAttachable, layersOf, rendersAlike } from './function-target';
import { denyLogs } from './log-denial';
import { mergeOptions } from './merge-options';
import { streamReference } from './stream-reference';
import type { TelemetryParts } from './telemetry-parts';

/** How the extension gets into the function: as a layer, or with the files of its container image. */
export type Carrier = 'layer' | 'image';

/** Attaches layer, variables and policy. Everything is checked before anything is changed. */
export function attach(
  telemetry: TelemetryParts,
  fn: lambda.IFunction,
  overrides?: ExtensionOptions,
  carrier: Carrier = 'layer',
): void {
  const refusal = attachRefusal(telemetry, fn, overrides, carrier);
  if (refusal) throw telemetryError(fn, refusal);
  if (!isAttachable(fn) || attachmentOf(fn)) return;

  const { environment, denyCloudWatchLogs } = settingsFor(telemetry, fn, overrides);
  givePermissions(fn, telemetry);
  if (carrier === 'layer') addLayer(telemetry, fn);
  for (const [name, value] of Object.entries(environment)) fn.addEnvironment(name, value);
  markAttached(fn, marksOf({ environment, denyCloudWatchLogs }));
  if (denyCloudWatchLogs) denyLogs(fn, environment[VARIABLE.selfMetrics] === SelfMetrics.EMF);
}

/** Why the extension cannot be attached to this construct; undefined when it can, or already is in this very way. */
export function attachRefusal(
  telemetry: TelemetryParts,
  candidate: IConstruct,
  overrides?: ExtensionOptions,
  carrier: Carrier = 'layer',
): Complaint | undefined {
  const refusal =
    carrier === 'layer' ? functionRefusal(candidate, telemetry) : imageFunctionRefusal(candidate, telemetry);
  if (refusal || !isAttachable(candidate)) return refusal;
  const settings = settingsFor(telemetry, candidate, overrides);
  const attached = attachmentOf(candidate);
  if (!attached) return variableRefusal(candidate, settings.environment);
  // a repeated call without overrides asks for nothing beyond what is there, as long as the stream is the same
  const now = marksOf(settings);
  const names =
    overrides === undefined ? [VARIABLE.stream] : [...new Set([...Object.keys(attached), ...Object.keys(now)])];
  return attachedRefusal(candidate, names, attached, now);
}

interface Settings {
  readonly environment: Record<string, string>;
  readonly denyCloudWatchLogs: boolean;
}

function settingsFor(telemetry: TelemetryParts, fn: AttachableFunction, overrides?: ExtensionOptions): Settings {
  const options = mergeOptions(telemetry.options, overrides);
  const stream = { [VARIABLE.stream]: streamReference(telemetry.stream, fn) };
  return {
    environment: { ...stream, ...extensionEnvironment(fn, options) },
    denyCloudWatchLogs: options.denyCloudWatchLogs ?? false,
  };
}

function marksOf({ environment, denyCloudWatchLogs }: Settings): Record<string, string> {
  return denyCloudWatchLogs ? { ...environment, denyCloudWatchLogs: 'true' } : environment;
}

function addLayer(telemetry: TelemetryParts, fn: AttachableFunction): void {
  const arn = telemetry.layerVersion.layerVersionArn;
  if (!layersOf(fn).some((layer) => rendersAlike(fn, layer, arn))) fn.addLayers(telemetry.layerVersion);
  warnOnRuntime(fn);
  warnOnExport(telemetry, fn);
}
