import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { HIPAASecurityChecks, NIST80053R5Checks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { AlarmThreshold, KinesisTelemetryExtension, TelemetryArchive } from '../../src';
import { newFunction, newStack, templateOf, warningsOf } from './fixture';
import { alarmsOf, monitored, outline, withArchive } from './monitoring-fixture';
import { nagFindings } from './rule-findings';

describe('thresholds', () => {
  test('can be others, with other periods', () => {
    const thresholds = {
      writesThrottled: AlarmThreshold.of(10, { evaluationPeriods: 2, period: Duration.minutes(5) }),
      recordsFailed: AlarmThreshold.of(1, { datapointsToAlarm: 7 }),
      writeSuccessPercent: AlarmThreshold.of(95, { period: Duration.minutes(5) }),
    };
    const { template } = monitored(() => ({ thresholds }));
    expect(outline(template)).toMatchObject({
      WritesThrottled: 'WriteProvisionedThroughputExceeded Sum 300s > 10, 2 of 2, notBreaching',
      RecordsFailed: 'PutRecords.FailedRecords Sum 60s > 1, 7 of 7, notBreaching',
      WriteSuccess: '100 * taken / sent < 95, 3 of 5, notBreaching',
    });
    const periods = alarmsOf(template).WriteSuccess.Metrics.flatMap(
      (one: { MetricStat?: { Period: number } }) => one.MetricStat?.Period ?? [],
    );
    expect(periods).toEqual([300, 300]);
  });

  test('can be off, one by one', () => {
    const { template } = monitored(() => ({ thresholds: { recordsFailed: AlarmThreshold.off() } }));
    expect(Object.keys(outline(template)).sort()).toEqual(['WriteSuccess', 'WritesThrottled']);
  });

  test('can be none but those that are given', () => {
    const silence = AlarmThreshold.of(1);
    const { template, monitoring } = monitored(() => ({ defaultAlarms: false, thresholds: { silence } }));
    expect(Object.keys(outline(template))).toEqual(['Silence']);
    expect(monitoring.alarms).toHaveLength(1);
    monitored(() => ({ defaultAlarms: false })).template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

describe('actions', () => {
  test('are taken by every alarm', () => {
    const { template, stack } = monitored((stack) => ({
      alarmActions: [new actions.SnsAction(new sns.Topic(stack, 'Topic'))],
    }));
    for (const { AlarmActions } of Object.values(alarmsOf(template))) expect(AlarmActions).toHaveLength(1);
    expect(warningsOf(stack, 'alarms-without-actions')).toEqual([]);
  });

  test('are missed in a warning', () => {
    expect(warningsOf(monitored().stack, 'alarms-without-actions')).toHaveLength(1);
    expect(warningsOf(monitored(() => ({ defaultAlarms: false })).stack, 'alarms-without-actions')).toEqual([]);
  });

  test.each(Object.entries({ HIPAASecurityChecks, NIST80053R5Checks }))('content %s', (_, Pack) => {
    const { monitoring } = monitored((stack) => ({
      alarmActions: [new actions.SnsAction(new sns.Topic(stack, 'Topic'))],
    }));
    expect(nagFindings(new Pack(), monitoring)).toEqual([]);
  });
});

describe('the dashboard', () => {
  test('is made on request, from the same widgets that can be had for another', () => {
    const { monitoring, template } = monitored((stack, stream) => ({
      ...withArchive()(stack, stream),
      functions: [newFunction(stack, 'Fn')],
      dashboard: true,
    }));
    template.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardBody: Match.anyValue() });
    expect(monitoring.dashboard?.node.path).toBe('Stack/Monitoring/Dashboard');
    expect(monitoring.widgets().map((row) => row.map(({ width }) => width))).toEqual(new Array(4).fill([8, 8, 8]));
  });

  test('is not made otherwise, nor by any other construct', () => {
    const { template, monitoring } = monitored();
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    expect(monitoring.widgets()).toHaveLength(2);
    const stack = newStack();
    const telemetry = new KinesisTelemetryExtension(stack, 'Telemetry');
    new TelemetryArchive(stack, 'Archive', { stream: telemetry.stream });
    templateOf(stack).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});
