import { describe, expect, it } from 'vitest';
import { expectedLines, outline, type Sandboxed, sandboxed } from './sandboxed';

const SDK = { variables: { KINESIS_TELEMETRY_CLIENT: 'sdk' } };

/** Ends the environment; nothing may stand in the function's log, not even the SDK's banner on old Node.js. */
async function closedBooks({ environment, ledgers }: Sandboxed, { logs = false } = {}) {
  const shutdown = await environment.shutdown();
  expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
  expect(shutdown.durationMs).toBeLessThan(1_600);
  if (!logs) expect(environment.extensionOutput).toEqual([]);
  const ledger = ledgers().at(-1);
  expect(ledger).toMatchObject({ final: true, received: environment.produced.length, dropped: 0, held: 0 });
  expect(ledger?.delivered).toBe(ledger?.received);
  return ledger;
}

describe('the built layer with the client sdk', () => {
  it('really sends through the SDK, and the default does not', async () => {
    const box = await sandboxed(SDK);
    await box.environment.invoke({ lines: ['through the SDK'] });
    expect(box.kinesis.calls[0]?.headers['user-agent']).toMatch(/^aws-sdk-js\//);
    const signed = await sandboxed();
    await signed.environment.invoke({ lines: ['through our own client'] });
    expect(signed.kinesis.calls[0]?.headers['user-agent']).toBeUndefined();
  });

  it('delivers every event once and in order, in the stream before the environment freezes', async () => {
    const box = await sandboxed(SDK);
    const { requestId } = await box.environment.invoke({ lines: ['one', 'Gr\u00fc\u00dfe \u{1f680}'] });
    const first = box.events().filter((line) => line.request_id === requestId);
    expect(first.map(({ type }) => type)).toEqual(['platform.start', 'function', 'function', 'platform.runtimeDone']);
    for (let count = 0; count < 4; count += 1) await box.environment.invoke({ count: 50, text: 'x'.repeat(300) });
    await closedBooks(box);
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
    expect(box.kinesis.calls.every((call) => call.status === 200)).toBe(true);
    expect(box.kinesis.connections).toBeLessThanOrEqual(2);
  });

  it('sends again only what failed when 30 % of the records fail singly', async () => {
    const box = await sandboxed({ variables: { ...SDK.variables, KINESIS_TELEMETRY_RECORD_FORMAT: 'json' } });
    let records = 0;
    const failRecord = () => {
      records += 1;
      return records % 10 < 3 ? 'ProvisionedThroughputExceededException' : undefined;
    };
    box.kinesis.behave(() => ({ failRecord }));
    for (let count = 0; count < 4; count += 1) await box.environment.invoke({ count: 40 });
    const ledger = await closedBooks(box);
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
    expect(ledger?.throttled_records).toBeGreaterThan(0);
  });

  it.each([
    ['failing', { status: 500 }],
    ['hanging', { hang: true }],
    ['cutting connections', { reset: true }],
  ])('loses nothing in an outage that heals: %s', async (_, fault) => {
    const box = await sandboxed(SDK);
    let down = true;
    box.kinesis.behave(() => (down ? fault : undefined));
    for (let count = 0; count < 3; count += 1) {
      const invocation = await box.environment.invoke({ lines: ['during the outage'] });
      expect(invocation.status).toBe('success');
      expect(invocation.extensionOverheadMs).toBeLessThan(650);
    }
    expect(box.events()).toHaveLength(0);
    down = false;
    await box.environment.invoke({ lines: ['after it'] });
    await closedBooks(box, { logs: true });
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
    // Our own lines about the outage are the user's to see; the SDK's are not.
    for (const line of box.environment.extensionOutput) expect(line).toMatch(/^\[kinesis-telemetry-extension\] /);
  });

  it('sends what is held at SHUTDOWN when nothing waited for it', async () => {
    const box = await sandboxed({ variables: { ...SDK.variables, KINESIS_TELEMETRY_FLUSH: 'next-invocation' } });
    await box.environment.invoke({ count: 500, text: 'held' });
    await closedBooks(box);
    expect(outline(box.events())).toEqual(expectedLines(box.environment));
  });
});
