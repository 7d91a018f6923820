import { expect, it } from 'vitest';
import { type Line, sandboxed } from '../e2e/sandboxed';
import { parseEmf, sumsOf } from '../extension/emf';

const MINUTE_MS = 60_000;
/** What the wall clock may differ by from the clock that the extension takes its minutes from. */
const SLACK_MS = 1_000;
/** The pace of the invocations, frozen in between; the loop waits for the lines, not for it. */
const PAUSE_MS = 500;

it('writes its own metrics once a minute, which come back as telemetry and bring forth no more', async () => {
  const startedAt = Date.now();
  const box = await sandboxed({
    logFormat: 'JSON',
    variables: { KINESIS_TELEMETRY_SELF_METRICS: 'emf', KINESIS_TELEMETRY_TYPES: 'platform,function,extension' },
  });
  const written = box.environment.extensionOutput;
  while (written.length < 2 && Date.now() < startedAt + 2.5 * MINUTE_MS) {
    await box.environment.invoke({ count: 20 });
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  await box.environment.shutdown();

  expect(written).toHaveLength(3);
  const [first = 0, second = 0] = written.map((line) => parseEmf(line)._aws.Timestamp);
  expect(first - startedAt).toBeGreaterThan(MINUTE_MS - SLACK_MS);
  expect(second - first).toBeGreaterThan(MINUTE_MS - SLACK_MS);
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
