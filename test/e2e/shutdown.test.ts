import { expect, it } from 'vitest';
import { expectedLines, outline, sandboxed } from './sandboxed';

it('sends the rest and the last ledger line at spindown, timeout and failure, within 150 ms when Kinesis is well', async () => {
  const durationsMs: number[] = [];
  for (const reason of ['spindown', 'timeout', 'failure'] as const) {
    const { environment, events, ledgers } = await sandboxed({}, { latencyMs: 10 });
    await environment.invoke({ lines: ['last words'] });
    const shutdown = await environment.shutdown(reason);
    expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
    durationsMs.push(shutdown.durationMs);
    expect(outline(events())).toEqual(expectedLines(environment));
    expect(ledgers().at(-1)).toMatchObject({ final: true, dropped: 0, held: 0 });
  }
  // Others on this machine can only add to it.
  expect(Math.min(...durationsMs)).toBeLessThan(150);
});

it.each([
  ['hangs', { hang: true }],
  ['answers after 5 s', { delayMs: 5_000 }],
  ['cuts every connection', { reset: true }],
  ['throttles everything', { status: 400, errorType: 'ProvisionedThroughputExceededException' }],
])('ends within 1.4 s and counts what it holds when Kinesis %s', async (_, behaviour) => {
  const { environment, kinesis } = await sandboxed();
  kinesis.behave(() => behaviour);
  await environment.invoke({ count: 100 });
  const shutdown = await environment.shutdown();
  expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
  expect(shutdown.durationMs).toBeLessThan(1_400);
  const { produced, extensionOutput } = environment;
  const losses = extensionOutput.find((line) => line.includes('were not delivered'));
  expect(losses).toContain(`${produced.length} of ${produced.length} events were not delivered`);
});

it('uses the time of SHUTDOWN for an outage that ends in it', async () => {
  const { environment, kinesis, events } = await sandboxed();
  let down = true;
  kinesis.behave(() => (down ? { status: 500 } : undefined));
  for (let count = 0; count < 3; count += 1) await environment.invoke({ lines: ['held'] });
  const callsBefore = kinesis.calls.length;
  kinesis.behave(({ index }) => {
    down = index < callsBefore + 3; // the first three calls of SHUTDOWN still fail
    return down ? { status: 500 } : undefined;
  });
  const shutdown = await environment.shutdown();
  expect(shutdown.durationMs).toBeLessThan(1_400);
  expect(outline(events())).toEqual(expectedLines(environment));
});

it('takes over what Lambda still holds when a function that logged much ends', async () => {
  const { environment, events } = await sandboxed({
    timeoutMs: 10_000,
    variables: { KINESIS_TELEMETRY_FLUSH: 'next-invocation' },
  });
  await environment.invoke({ count: 20_000 });
  await environment.shutdown();
  expect(outline(events())).toEqual(expectedLines(environment));
});

it('waits for what Lambda has yet to tell of the last invocation, though the listener is quiet meanwhile', async () => {
  let postDelayMs = 0;
  const box = await sandboxed({
    telemetry: { beforePost: () => new Promise((resolve) => setTimeout(resolve, postDelayMs)) },
    variables: { KINESIS_TELEMETRY_FLUSH: 'next-invocation' },
  });
  await box.environment.invoke({ count: 3 });
  postDelayMs = 150; // a platform that is busy itself: its POST begins long after SHUTDOWN was told
  const shutdown = await box.environment.shutdown();
  expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
  const produced = box.environment.produced.length;
  expect(box.events().map(({ type }) => type)).toContain('platform.runtimeDone');
  expect(box.ledgers().at(-1)).toMatchObject({ final: true, received: produced, delivered: produced, dropped: 0 });
});
