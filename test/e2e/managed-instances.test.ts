import { expect, it } from 'vitest';
import { until } from '../../sandbox/src';
import { expectedLines, outline, sandboxed } from './sandboxed';

const managed = { initializationType: 'lambda-managed-instances', timeoutMs: 10_000 } as const;

it('registers for SHUTDOWN alone and subscribes with schema 2025-01-29 on Managed Instances', async () => {
  const { environment } = await sandboxed(managed);
  const registers = environment.exchanges.filter(({ path }) => path.endsWith('/register'));
  expect(registers).toHaveLength(1);
  expect(JSON.stringify(registers[0])).not.toContain('INVOKE');
  const subscribes = environment.exchanges.filter(({ path }) => path === '/2022-07-01/telemetry');
  expect(subscribes).toHaveLength(1);
  expect(JSON.stringify(subscribes[0])).toContain('2025-01-29');
});

it('delivers concurrent invocations on Managed Instances by timer and attributes them by their own request ids', async () => {
  const { environment, events } = await sandboxed(managed);
  const invocations = await Promise.all(
    [1, 2, 3, 4, 5].map((index) => environment.invoke({ lines: [`work of ${index}`], workMs: 200 })),
  );
  for (const invocation of invocations) {
    expect(invocation.status).toBe('success');
    expect(invocation.extensionOverheadMs).toBeLessThan(50);
  }
  // No end of an invocation, no freeze: the timer alone brings them into the stream.
  await until(() => events().filter(({ type }) => type === 'function').length === 5, 'the timer flush');
  const logged = events().filter(({ type }) => type === 'function');
  expect(new Set(logged.map((line) => line.request_id))).toEqual(
    new Set(invocations.map(({ requestId }) => requestId)),
  );
  await environment.shutdown();
  expect(outline(events())).toEqual(expectedLines(environment));
  expect(environment.extensionOutput).toEqual([]);
});

it('sends a full batch at once on Managed Instances', async () => {
  const { environment, kinesis, events } = await sandboxed({
    ...managed,
    variables: { KINESIS_TELEMETRY_FLUSH: 'periodic:60000' },
  });
  await environment.invoke({ count: 10_000, text: 'x'.repeat(200) });
  await until(() => events().length > 2_000, 'a full batch');
  expect(kinesis.calls.length).toBeGreaterThan(0);
  await environment.shutdown();
  expect(events()).toHaveLength(environment.produced.length);
});
