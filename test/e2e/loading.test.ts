import { expect, it } from 'vitest';
import { sandboxed } from './sandboxed';

it('closes its books at SHUTDOWN even when nothing was ever posted, and so nothing had been loaded', async () => {
  const box = await sandboxed({ telemetry: { postFailures: Number.POSITIVE_INFINITY } });
  const shutdown = await box.environment.shutdown();
  expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
  expect(box.ledgers()).toHaveLength(1);
  expect(box.ledgers()[0]).toMatchObject({ final: true, received: 0, delivered: 0, dropped: 0, held: 0 });
});
