import { expect } from 'vitest';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
const MAX_METRICS = 100;
const MAX_DIMENSIONS = 30;
const MAX_DIMENSION_LENGTH = 1_024;
const MAX_NAME_LENGTH = 1_024;
/** What a log event may have; CloudWatch Logs has raised it to 1 MiB since. */
const MAX_LINE_BYTES = 262_144;

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

export interface EmfDocument {
  readonly _aws: { readonly Timestamp: number; readonly CloudWatchMetrics: readonly Directive[] };
  readonly [member: string]: unknown;
}

/** Reads a line as CloudWatch Logs does, and fails where it breaks a MUST of the specification. */
export function parseEmf(line: string): EmfDocument {
  expect(line.replace(/\n$/, '')).not.toMatch(/[\r\n]/);
  expect(Buffer.byteLength(line)).toBeLessThan(MAX_LINE_BYTES);
  const document = JSON.parse(line) as EmfDocument;
  const { Timestamp, CloudWatchMetrics, ...others } = document._aws;
  expect(others).toEqual({});
  expect(Number.isSafeInteger(Timestamp)).toBe(true);
  expect(CloudWatchMetrics.length).toBeGreaterThan(0);
  for (const { Namespace, Dimensions, Metrics, ...unknown } of CloudWatchMetrics) {
    expect(unknown).toEqual({});
    expect(Namespace).toMatch(/^(?!AWS\/)[\w./#:-]{1,255}$/);
    expect(Dimensions.length).toBeGreaterThan(0);
    for (const set of Dimensions) {
      expect(set.length).toBeLessThanOrEqual(MAX_DIMENSIONS);
      for (const name of set) {
        const value = document[name];
        if (typeof value !== 'string') throw new Error(`the dimension ${name} is no string but ${String(value)}`);
        expect(value.length).toBeGreaterThan(0);
        expect(value.length).toBeLessThanOrEqual(MAX_DIMENSION_LENGTH);
      }
    }
    expect(Metrics.length).toBeGreaterThan(0);
    expect(Metrics.length).toBeLessThanOrEqual(MAX_METRICS);
    for (const { Name, Unit, ...more } of Metrics) {
      expect(more).toEqual({});
      expect(Name.length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
      expect(Unit).toBe('Count');
      expect([Name, typeof document[Name]]).toEqual([Name, 'number']);
    }
  }
  return document;
}

/** The values that become metrics, by name. */
export function metricsOf(line: string): Record<string, number> {
  const document = parseEmf(line);
  const names = document._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  expect(new Set(names).size).toBe(names.length);
  return Object.fromEntries(names.map((name) => [name, document[name] as number]));
}

/** What CloudWatch's statistic Sum has over all these lines. */
export function sumsOf(lines: readonly string[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of lines) {
    for (const [name, value] of Object.entries(metricsOf(line))) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
