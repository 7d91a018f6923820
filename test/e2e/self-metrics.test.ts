import { expect, it } from 'vitest';
import { metricsOf, parseEmf, sumsOf } from '../extension/emf';
import { type Sandboxed, sandboxed } from './sandboxed';

const EMF = { KINESIS_TELEMETRY_SELF_METRICS: 'emf', KINESIS_TELEMETRY_LOG_LEVEL: 'off' };

function emfLines({ environment }: Sandboxed): string[] {
  return environment.extensionOutput.filter((line) => line.includes('"_aws"'));
}

it('writes no metrics of its own unless asked to', async () => {
  const box = await sandboxed();
  await box.environment.invoke({ lines: ['one'] });
  await box.environment.shutdown();
  expect(box.ledgers().at(-1)).toMatchObject({ final: true });
  expect(emfLines(box)).toEqual([]);
});

it('writes metrics that add up to the last ledger of each environment, as lines of their own', async () => {
  const boxes = await Promise.all([sandboxed({ variables: EMF }), sandboxed({ variables: EMF })]);
  for (const [index, box] of boxes.entries()) {
    await box.environment.invoke({ count: 100 * (index + 1) });
    await box.environment.invoke({ lines: ['last words'] });
    await box.environment.shutdown();
  }
  const ledgers = boxes.map((box) => box.ledgers().at(-1));
  const total = (key: string) => ledgers.reduce((sum, ledger) => sum + Number(ledger?.[key]), 0);
  const lines = boxes.flatMap((box) => box.environment.extensionOutput);
  expect(total('received')).toBeGreaterThan(300);
  expect(sumsOf(lines)).toMatchObject({
    EventsReceived: total('received'),
    EventsDelivered: total('delivered'),
    EventsDropped: 0,
  });
  for (const [index, box] of boxes.entries()) {
    expect(emfLines(box)).toHaveLength(box.ledgers().length);
    const last = parseEmf(emfLines(box).at(-1) as string);
    expect(last).toMatchObject({ final: true, instance_id: ledgers[index]?.instance_id, StreamName: 'telemetry' });
    expect(last.FunctionName).toBe(ledgers[index]?.function_name);
  }
});

it('tells CloudWatch what was lost when Kinesis is not there until the end', async () => {
  const box = await sandboxed({ variables: EMF });
  box.kinesis.behave(() => ({ status: 500 }));
  await box.environment.invoke({ count: 50 });
  await box.environment.shutdown();
  const { produced } = box.environment;
  expect(box.ledgers()).toEqual([]);
  expect(emfLines(box)).toHaveLength(1);
  expect(metricsOf(emfLines(box)[0] as string)).toMatchObject({
    EventsReceived: produced.length,
    EventsDelivered: 0,
    EventsDropped: produced.length,
  });
});
