import { expect, it } from 'vitest';
import { until } from '../../sandbox/src';
import { expectedLines, outline, sandboxed } from '../e2e/sandboxed';

const FREEZE_MS = 10_000;

it.each([
  ['is answered while frozen', { delayMs: 1_000 }, false],
  ['loses its connection while frozen', { delayMs: 1_000, acceptThenReset: true }, true],
])('a call that %s for 10 s ends well', { timeout: 60_000 }, async (_, behaviour, mayDuplicate) => {
  const { environment, kinesis, events, ledgers } = await sandboxed();
  kinesis.behave(({ index }) => (index === 0 ? behaviour : undefined));
  await environment.invoke({ lines: ['before the freeze'] }); // the flush bound is over before the call is
  const frozenAt = Date.now();
  await until(() => Date.now() - frozenAt >= FREEZE_MS, 'the end of the freeze', { timeoutMs: 20_000, everyMs: 100 });
  const invocation = await environment.invoke({ lines: ['after the thaw'] });
  expect(invocation.status).toBe('success');
  expect(invocation.extensionOverheadMs).toBeLessThan(650);
  await environment.shutdown();
  const seqs = events().map(({ seq }) => seq);
  expect([...new Set(seqs)]).toEqual(expectedLines(environment).map(({ seq }) => seq));
  if (!mayDuplicate) expect(outline(events())).toEqual(expectedLines(environment));
  const produced = environment.produced.length;
  expect(ledgers().at(-1)).toMatchObject({ received: produced, delivered: produced, dropped: 0, held: 0 });
});
