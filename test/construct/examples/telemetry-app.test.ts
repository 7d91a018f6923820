import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { expectExampleStacks } from '../../bindings/example-stacks';
import { sampleRecords } from '../../bindings/sample-records';

const require = createRequire(__filename);
const assembly = mkdtempSync(join(tmpdir(), 'telemetry-app-'));
afterAll(() => rmSync(assembly, { recursive: true, force: true }));

beforeAll(async () => {
  vi.stubEnv('CDK_OUTDIR', assembly); // what the CDK command line does
  vi.stubEnv('CDK_VALIDATION', 'false'); // two seconds a stack, kept for rule-packs.test.ts
  await import('../../../examples/typescript/telemetry-app/app');
  vi.unstubAllEnvs();
});

test('is the app of the other languages: one function, a whole stack, readers of the parameters, a consumer', () => {
  expect(() => expectExampleStacks(assembly)).not.toThrow();
});

describe('the bundled consumer', () => {
  afterEach(() => vi.restoreAllMocks());

  function bundled(): { handler(event: object): Promise<{ batchItemFailures: unknown[] }> } {
    const bundles = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^asset\.\w+[\\/]index\.js$/.test(file),
    );
    expect(bundles).toHaveLength(1);
    return require(join(assembly, bundles[0] as string));
  }

  const eventOf = (records: readonly Buffer[]) => ({
    Records: records.map((data, index) => ({ kinesis: { data: data.toString('base64'), sequenceNumber: `${index}` } })),
  });

  const report = Buffer.from(
    '{"v":1,"type":"platform.report","function_name":"cart","instance_id":"i","seq":1,"duration_ms":12.5}\n',
  );

  test.each(Object.entries(sampleRecords()))('reads the format %s', async (_, records) => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect(await bundled().handler(eventOf(records))).toEqual({ batchItemFailures: [] });
    expect(warn).not.toHaveBeenCalled();
  });

  test('works off an event once, and passes over a line that nobody can read', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { handler } = bundled();
    const event = eventOf([report, Buffer.from('bad\n'), report]);
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    expect(log.mock.calls).toEqual([['cart took 12.5 ms']]);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^record 1: NOT_JSON/));
  });

  test('answers with the record whose work has failed, from which Lambda sends the batch again', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const log = vi.spyOn(console, 'log').mockReturnValue();
    log.mockImplementationOnce(() => {
      throw new Error('the database is down');
    });
    const { handler } = bundled();
    const other = Buffer.from(report.toString().replace('"i"', '"other"'));
    const event = eventOf([Buffer.from('\n'), other]);
    expect(await handler(event)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    expect(log).toHaveBeenCalledTimes(2);
  });
});
