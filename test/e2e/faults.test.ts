import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../sandbox/src';
import { until } from '../../sandbox/src';
import { expectedLines, outline, type Sandboxed, STREAM, sandboxed } from './sandboxed';

/** The same "random" faults in every run (a linear congruential generator; Numerical Recipes' constants). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Invokes, shuts down and returns the last ledger line; every invocation must succeed within the flush bound. */
async function run({ environment, ledgers }: Sandboxed, invocations: number, payload: object) {
  for (let count = 0; count < invocations; count += 1) {
    const invocation = await environment.invoke(payload);
    expect(invocation.status).toBe('success');
    expect(invocation.extensionOverheadMs).toBeLessThan(650);
  }
  const shutdown = await environment.shutdown();
  expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
  expect(shutdown.durationMs).toBeLessThan(1_600);
  return ledgers().at(-1);
}

const once = <T>(values: readonly T[]) => [...new Set(values)];

/** Every produced event is in the stream; where Kinesis may have written twice, duplicates carry the same number. */
function expectAllDelivered({ environment, events }: Sandboxed): void {
  const seqs = once(events().map(({ seq }) => seq));
  expect(seqs).toEqual(expectedLines(environment).map(({ seq }) => seq));
}

describe('nothing is lost with a fault that heals:', () => {
  const payload = { count: 50, text: 'x'.repeat(300) };

  it('30 % of the records fail singly, and only these are sent again', async () => {
    const box = await sandboxed();
    const roll = dice(1);
    const failRecord = () => (roll() < 0.3 ? 'ProvisionedThroughputExceededException' : undefined);
    box.kinesis.behave(() => ({ failRecord }));
    const ledger = await run(box, 5, payload);
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
    expect(ledger).toMatchObject({ received: box.environment.produced.length, dropped: 0, held: 0, final: true });
    expect(ledger?.delivered).toBe(ledger?.received);
    expect(ledger?.throttled_records).toBeGreaterThan(0);
  });

  it.each<[string, Behaviour]>([
    ['throttled calls', { status: 400, errorType: 'ProvisionedThroughputExceededException' }],
    ['HTTP 500', { status: 500 }],
    ['HTTP 503', { status: 503, errorType: 'ServiceUnavailable' }],
    ['KMS throttling', { status: 400, errorType: 'KMSThrottlingException' }],
  ])('every second call fails with %s', async (_, fault) => {
    const box = await sandboxed();
    box.kinesis.behave(({ index }) => (index % 2 === 0 ? fault : undefined));
    const ledger = await run(box, 5, payload);
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
    expect(ledger).toMatchObject({ dropped: 0, held: 0 });
    expect(ledger?.retries).toBeGreaterThan(0);
  });

  it.each<[string, Behaviour]>([
    ['cuts the connection', { reset: true }],
    ['stores the records and cuts the connection', { acceptThenReset: true }],
    ['answers for fewer records than were sent', { truncateResponse: 0 }],
    ['answers something that is not JSON', { notJson: true }],
  ])('every third call %s', async (_, fault) => {
    const box = await sandboxed();
    box.kinesis.behave(({ index }) => (index % 3 === 1 ? fault : undefined));
    const ledger = await run(box, 5, payload);
    expectAllDelivered(box);
    expect(ledger).toMatchObject({ dropped: 0, held: 0 });
  });

  it('an outage that ends before the environment does', async () => {
    const box = await sandboxed();
    let down = true;
    box.kinesis.behave(() => (down ? { status: 500 } : undefined));
    for (let count = 0; count < 5; count += 1) await box.environment.invoke(payload);
    expect(box.events()).toHaveLength(0);
    down = false;
    const ledger = await run(box, 1, payload);
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
    expect(ledger).toMatchObject({ dropped: 0, held: 0 });
    expect(ledger?.breaker_openings).toBeGreaterThan(0);
  });

  it('calls that hang until the outage ends', async () => {
    const box = await sandboxed();
    let down = true;
    box.kinesis.behave(() => (down ? { hang: true } : undefined));
    await box.environment.invoke(payload);
    down = false;
    const ledger = await run(box, 1, payload);
    expectAllDelivered(box);
    expect(ledger).toMatchObject({ dropped: 0, held: 0 });
  });

  it('answers that take two seconds', async () => {
    const box = await sandboxed({ freezeBetweenInvocations: false });
    box.kinesis.behave(({ index }) => (index < 2 ? { delayMs: 2_000 } : undefined));
    const first = await box.environment.invoke(payload);
    expect(first.extensionOverheadMs).toBeLessThan(650);
    await until(() => box.events().length > 0, 'the slow call to be stored', { timeoutMs: 10_000 });
    await run(box, 1, payload);
    expectAllDelivered(box);
  });

  it('credentials that are refused and then accepted', async () => {
    const box = await sandboxed();
    let refused = true;
    box.kinesis.behave(() => (refused ? { status: 400, errorType: 'ExpiredTokenException' } : undefined));
    await box.environment.invoke(payload);
    refused = false;
    const ledger = await run(box, 1, payload);
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
    expect(ledger).toMatchObject({ dropped: 0, held: 0 });
  });

  it('a freeze of some seconds in the middle of a call', async () => {
    const box = await sandboxed();
    box.kinesis.behave(({ index }) => (index === 0 ? { delayMs: 800 } : undefined));
    await box.environment.invoke(payload); // the flush bound ends before the call does: frozen with it under way
    await until(() => box.kinesis.calls[0]?.answeredAt !== undefined, 'the answer into the frozen process');
    const ledger = await run(box, 1, payload);
    expectAllDelivered(box);
    expect(ledger).toMatchObject({ dropped: 0, held: 0 });
  });

  it('POSTs that Lambda repeats are counted once', async () => {
    const box = await sandboxed({ telemetry: { duplicatePosts: true } });
    const ledger = await run(box, 3, payload);
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
    expect(ledger?.repeated_posts).toBeGreaterThan(0);
  });
});

describe('every loss is counted when', () => {
  it('an outage does not end', async () => {
    const box = await sandboxed();
    box.kinesis.behave(() => ({ status: 500 }));
    for (let count = 0; count < 3; count += 1) {
      const invocation = await box.environment.invoke({ lines: ['lost'] });
      expect(invocation.status).toBe('success');
    }
    const shutdown = await box.environment.shutdown();
    expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
    expect(shutdown.durationMs).toBeLessThan(1_400);
    expect(box.events()).toHaveLength(0);
    // The ledger cannot travel either: it stands in the function's log.
    const produced = box.environment.produced.length;
    const line = box.environment.extensionOutput.find((output) => output.includes('were not delivered'));
    expect(line).toContain(`${produced} of ${produced} events were not delivered`);
    expect(line).toContain(`"shutdown-deadline":${produced}`);
  });

  it('one record is poison: its neighbours arrive and it is booked as rejected', async () => {
    const box = await sandboxed({ variables: { KINESIS_TELEMETRY_RECORD_FORMAT: 'json' } });
    box.kinesis.behave(() => ({
      failRecord: ({ data }) => (data.toString().includes('poison') ? 'InvalidArgumentException' : undefined),
    }));
    const ledger = await run(box, 1, { lines: ['good', 'poison', 'also good'] });
    const produced = box.environment.produced.length;
    expect(ledger).toMatchObject({ received: produced, delivered: produced - 1, dropped_by_reason: { rejected: 1 } });
    expect(box.events().map(({ seq }) => seq)).toHaveLength(produced - 1);
  });

  it('one record is larger than the stream takes: the call is halved until it stands alone', async () => {
    const streams = [{ name: STREAM, shards: 1, maxRecordBytes: 40_000 }];
    const box = await sandboxed({}, { streams });
    await box.environment.invoke({ lines: ['before'] });
    const ledger = await run(box, 1, { lines: ['small', 'x'.repeat(60_000), 'small too'] });
    const produced = box.environment.produced.length;
    expect(ledger).toMatchObject({ received: produced, delivered: produced - 1, dropped_by_reason: { rejected: 1 } });
  });

  it('a line is larger than a record may be: it is cut, marked and delivered', async () => {
    const box = await sandboxed({ variables: { KINESIS_TELEMETRY_MAX_RECORD_BYTES: '20000' } });
    const ledger = await run(box, 1, { lines: ['é'.repeat(30_000)] });
    const cut = box.events().find((line) => line.truncated === true);
    expect(cut?.message).toMatch(/é{1000,}$/);
    expect(cut?.original_bytes).toBeGreaterThan(60_000);
    expect(ledger).toMatchObject({ dropped: 0, truncated_events: 1 });
    expect(box.events()).toHaveLength(box.environment.produced.length);
  });

  it('the environment is killed: what the stream has is without gaps up to the kill', async () => {
    const box = await sandboxed();
    await box.environment.invoke({ count: 20 });
    await box.environment.crash();
    const seqs = box.events().map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  it('the environment is killed in the middle of SHUTDOWN: what was under way arrives, and no ledger claims more', async () => {
    const box = await sandboxed({ variables: { KINESIS_TELEMETRY_FLUSH: 'next-invocation' } });
    await box.environment.invoke({ count: 100 });
    await until(() => box.kinesis.calls.every(({ answeredAt }) => answeredAt !== undefined), 'the calls before');
    const before = box.kinesis.calls.length;
    const eventsBefore = box.events().length;
    box.kinesis.behave(({ index }) => ({ delayMs: index === before ? 200 : 10_000 }));
    const ended = box.environment.shutdown();
    await until(() => box.kinesis.calls.length > before, 'the first call of SHUTDOWN');
    process.kill(box.environment.extensionPid, 'SIGKILL');
    expect(await ended).toMatchObject({ signal: 'SIGKILL' });
    await until(
      () => box.kinesis.calls[before]?.answeredAt !== undefined,
      'Kinesis to have written what was under way',
    );
    const arrived = outline(box.events());
    expect(arrived.length).toBeGreaterThan(eventsBefore);
    expect(arrived).toEqual(expectedLines(box.environment).slice(0, arrived.length));
    expect(box.ledgers()).toEqual([]);
  });
});
