import { expect, it } from 'vitest';
import { sandboxed } from './sandboxed';

it('closes its books at SHUTDOWN even when nothing was ever posted, and so nothing had been loaded', async () => {
  const box = await sandboxed({ telemetry: { postFailures: Number.POSITIVE_INFINITY } });
  const shutdown = await box.environment.shutdown();
  expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
  expect(box.ledgers()).toHaveLength(1);
  expect(box.ledgers()[0]).toMatchObject({ final: true, received: 0, delivered: 0, dropped: 0, held: 0 });
});

it('says what it does at the levels debug and info', async () => {
  const linesAt = async (level: string) => {
    const box = await sandboxed({ variables: { KINESIS_TELEMETRY_LOG_LEVEL: level } });
    await box.environment.invoke({ count: 3 });
    await box.environment.shutdown();
    const received = Number(box.ledgers().at(-1)?.received);
    return { lines: box.environment.extensionOutput.map((line) => line.trim()), received };
  };
  const start = '[kinesis-telemetry-extension] info: platform, function telemetry goes to telemetry, flush adaptive';
  const end = (received: number) =>
    `[kinesis-telemetry-extension] info: shutdown: ${received} events were received, and all delivered`;

  const atInfo = await linesAt('info');
  expect(atInfo.lines).toEqual([start, end(atInfo.received)]);

  const atDebug = await linesAt('debug');
  expect([atDebug.lines[0], atDebug.lines.at(-1)]).toEqual([start, end(atDebug.received)]);
  const flushes = atDebug.lines.slice(1, -1);
  expect(flushes.length).toBeGreaterThanOrEqual(2); // after the invocation, at the end, and the ledger's last line
  for (const line of flushes) {
    expect(line).toMatch(/^\[kinesis-telemetry-extension\] debug: PutRecords took 1 of 1 records, \d+ events so far$/);
  }
});
