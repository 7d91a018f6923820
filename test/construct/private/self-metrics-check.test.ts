import * as lambda from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';
import {
  KinesisTelemetryExtension,
  SelfMetrics,
  TelemetryMonitoring,
  type TelemetryMonitoringProps,
} from '../../../src';
import { newFunction, newStack, warningsOf } from '../fixture';

type Given = Partial<TelemetryMonitoringProps>;

const warnings = (act: (stack: ReturnType<typeof newStack>, telemetry: KinesisTelemetryExtension) => Given) => {
  const stack = newStack();
  const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
  const given = act(stack, telemetry);
  new TelemetryMonitoring(stack, 'Monitoring', { stream: telemetry.stream, selfMetrics: true, ...given });
  return { stack, telemetry, texts: () => warningsOf(stack, 'self-metrics-missing') };
};
const emf = { selfMetrics: SelfMetrics.EMF };

test('warns of the functions of the stream whose extension writes no metrics, attached before or after', () => {
  const { stack, telemetry, texts } = warnings((stack, telemetry) => {
    telemetry.addToFunction(newFunction(stack, 'Before'));
    telemetry.addToFunction(newFunction(stack, 'Measured'), emf);
    newFunction(stack, 'Unattached');
    const other = new KinesisTelemetryExtension(stack, 'Other', { parameterPrefix: '/other' });
    other.addToFunction(newFunction(stack, 'OfAnotherStream'));
    return {};
  });
  telemetry.addToFunction(newFunction(stack, 'After'));
  expect(texts()).toEqual([expect.stringContaining('extension of Stack/Before, Stack/After writes no metrics')]);
});

test('does not warn when all write them, when nobody looks, or when nothing is known', () => {
  const on = (stack: ReturnType<typeof newStack>, telemetry: KinesisTelemetryExtension) => {
    telemetry.addToFunction(newFunction(stack), emf);
  };
  expect(warnings((stack, telemetry) => on(stack, telemetry) ?? {}).texts()).toEqual([]);
  const off = warnings((stack, telemetry) => {
    telemetry.addToFunction(newFunction(stack));
    return { selfMetrics: false };
  });
  expect(off.texts()).toEqual([]);
  expect(warnings(() => ({})).texts()).toEqual([]);
  const byHand = warnings((stack) => ({
    functions: [newFunction(stack, 'ByHand'), lambda.Function.fromFunctionName(stack, 'Imported', 'imported')],
  }));
  expect(byHand.texts()).toEqual([]);
});

test('warns of the functions that are given alone, where some are', () => {
  const { texts } = warnings((stack, telemetry) => {
    const fn = newFunction(stack, 'Looked');
    telemetry.addToFunctions([fn, newFunction(stack, 'Passed')]);
    return { functions: [fn] };
  });
  expect(texts()).toEqual([expect.stringContaining('extension of Stack/Looked writes')]);
});

test('names a function behind singletons once', () => {
  const { texts } = warnings((stack, telemetry) => {
    telemetry.addToFunction(
      new lambda.SingletonFunction(stack, 'Single', {
        uuid: 'one',
        runtime: lambda.Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = async () => {}'),
      }),
    );
    return {};
  });
  expect(texts()).toEqual([expect.stringMatching(/extension of [^,]+ writes/)]);
});
