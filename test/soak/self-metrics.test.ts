import { expect, it } from 'vitest';
import { type Line, sandboxed } from '../e2e/sandboxed';
import { parseEmf, sumsOf } from '../extension/emf';

const SECONDS = 130;

it('writes its own metrics once a minute, which come back as telemetry and bring forth no more', async () => {
  const box = await sandboxed({
    logFormat: 'JSON',
    variables: { KINESIS_TELEMETRY_SELF_METRICS: 'emf', KINESIS_TELEMETRY_TYPES: 'platform,function,extension' },
  });
  const until = Date.now() + SECONDS * 1_000;
  while (Date.now() < until) {
    await box.environment.invoke({ count: 20 });
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await box.environment.shutdown();

  const written = box.environment.extensionOutput;
  expect(written).toHaveLength(3);
  expect(written.map((line) => parseEmf(line).final)).toEqual([undefined, undefined, true]);
  expect(box.ledgers()).toHaveLength(3);
  const { received, delivered, dropped } = box.ledgers().at(-1) as Line;
  expect(sumsOf(written)).toMatchObject({
    EventsReceived: received,
    EventsDelivered: delivered,
    EventsDropped: dropped,
  });
  // The last one is written when nothing is taken any more.
  const returned = box.events().filter(({ type }) => type === 'extension');
  expect(returned.map(({ record }) => record)).toEqual(written.slice(0, -1).map((line) => JSON.parse(line)));
}, 180_000);
