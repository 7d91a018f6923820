import { describe, expect, it } from 'vitest';
import { until } from '../../sandbox/src';
import { type Sandboxed, sandboxed } from './sandboxed';

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** Invokes every `intervalMs` and returns the time each invocation lasted beyond the function's end. */
async function steady({ environment }: Sandboxed, count: number, intervalMs: number): Promise<number[]> {
  const overheads: number[] = [];
  const startedAt = Date.now();
  for (let index = 0; index < count; index += 1) {
    await until(() => Date.now() >= startedAt + index * intervalMs, 'the next tick', { everyMs: 1 });
    const invocation = await environment.invoke({ lines: [`line ${index}`] });
    expect(invocation.status).toBe('success');
    overheads.push(invocation.extensionOverheadMs);
  }
  return overheads;
}

describe('the flush strategy', () => {
  it('adaptive costs a busy function nothing, and its telemetry leaves while it runs', async () => {
    const box = await sandboxed();
    const overheads = await steady(box, 60, 50);
    expect(median(overheads.slice(10))).toBeLessThan(1);
    // 3 s of traffic: what is older than a second has left without any invocation waiting for it.
    expect(box.events().length).toBeGreaterThan(box.environment.produced.length / 3);
    await box.environment.shutdown();
    expect(box.events()).toHaveLength(box.environment.produced.length);
  });

  it('adaptive has a sparse invocation in the stream when it ends', async () => {
    const box = await sandboxed();
    const { requestId } = await box.environment.invoke({ lines: ['sparse'] });
    const mine = box.events().filter((line) => line.request_id === requestId);
    expect(mine.map(({ type }) => type)).toContain('platform.runtimeDone');
  });

  it('end-of-invocation waits even when the function is busy', async () => {
    const box = await sandboxed({ variables: { KINESIS_TELEMETRY_FLUSH: 'end-of-invocation' } });
    await steady(box, 20, 50);
    const done = box.events().filter(({ type }) => type === 'platform.runtimeDone');
    expect(done).toHaveLength(20);
  });

  it('next-invocation never waits and sends with the next one', async () => {
    const box = await sandboxed({ variables: { KINESIS_TELEMETRY_FLUSH: 'next-invocation' } });
    const first = await box.environment.invoke({ lines: ['first'] });
    expect(first.extensionOverheadMs).toBeLessThan(10);
    await box.environment.invoke({ lines: ['second'], workMs: 300 });
    expect(box.events().some((line) => line.message?.includes('first'))).toBe(true);
  });

  it('periodic sends on its interval while a function runs long', async () => {
    const box = await sandboxed({ timeoutMs: 10_000, variables: { KINESIS_TELEMETRY_FLUSH: 'periodic:100' } });
    const invoked = box.environment.invoke({ lines: ['early'], workMs: 1_000 });
    await until(
      () => box.events().some((line) => line.message?.includes('early')),
      'the line before its function ends',
      {
        timeoutMs: 900,
      },
    );
    expect((await invoked).extensionOverheadMs).toBeLessThan(10);
  });

  it('adaptive lets telemetry leave while a function runs long', async () => {
    const box = await sandboxed({ timeoutMs: 10_000 });
    const invoked = box.environment.invoke({ lines: ['early'], workMs: 2_000 });
    await until(
      () => box.events().some((line) => line.message?.includes('early')),
      'the line before its function ends',
      {
        timeoutMs: 1_900,
      },
    );
    await invoked;
  });
});

describe('while Kinesis is unwell the function does not wait:', () => {
  it.each([
    ['down', { status: 500 }],
    ['hanging', { hang: true }],
    ['refusing credentials', { status: 400, errorType: 'UnrecognizedClientException' }],
  ])('%s', async (_, fault) => {
    const box = await sandboxed({ timeoutMs: 5_000, variables: { KINESIS_TELEMETRY_FLUSH: 'end-of-invocation' } });
    box.kinesis.behave(() => fault);
    const overheads: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const invocation = await box.environment.invoke({ lines: ['x'] });
      expect(invocation.status).toBe('success');
      overheads.push(invocation.extensionOverheadMs);
    }
    expect(Math.max(...overheads)).toBeLessThan(650);
    expect(median(overheads.slice(2))).toBeLessThan(5);
  });
});
