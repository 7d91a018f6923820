import { expect, test } from 'vitest';
import { ExtensionsApi, type NextEvent } from '../../extension/src/extensions-api';
import type { Flusher } from '../../extension/src/flusher';
import { InvocationEnds } from '../../extension/src/invocation-ends';
import { Lifecycle } from '../../extension/src/lifecycle';
import { Logger } from '../../extension/src/logger';
import { parseSettings } from '../../extension/src/settings';
import { FakeClock } from './fake-clock';
import { scriptedHttp } from './scripted-http';

const SHUTDOWN: NextEvent = { eventType: 'SHUTDOWN', shutdownReason: 'spindown' };

/** A lifecycle with the real Extensions API client over a scripted connection, and a flusher that only notes. */
function newLifecycle(options: { isOn?: boolean; waits?: boolean; flush?: (until: number) => Promise<void> } = {}) {
  const { isOn = true, waits = true, flush = async () => {} } = options;
  const clock = new FakeClock();
  const start = clock.now();
  const lines: string[] = [];
  const log = new Logger('warn', (line) => lines.push(line), clock.now);
  /** What happened when, in ms from the start. */
  const history: [string, number][] = [];
  const outstanding: number[] = [];
  const note = (what: string) => history.push([what, clock.now() - start]);
  const { http, script } = scriptedHttp();
  const noted: typeof http = (request) => {
    note('next');
    return http(request);
  };
  const ends = new InvocationEnds();
  const state = { bodies: 1, failure: undefined as Error | undefined };
  const flusher: Pick<Flusher, 'onInvoke' | 'flush'> = {
    onInvoke: (requestId, unfinished) => {
      outstanding.push(unfinished);
      note(`invoke ${requestId}`);
      if (state.failure !== undefined) throw state.failure;
      return waits;
    },
    flush: async (until, { isTelling = true } = {}) => {
      note(`flush until ${until - start}${isTelling ? '' : ', whatever it tells'}`);
      await flush(until);
    },
  };
  const shutDown = async () => {
    note('shutDown');
    if (state.failure !== undefined) throw state.failure;
  };
  const telemetry = { flusher: flusher as Flusher, ends, bodies: () => state.bodies, shutDown };
  const lifecycle = new Lifecycle({
    api: new ExtensionsApi(noted, 'name', clock),
    ...{ clock, log, settings: parseSettings({}).settings },
    telemetry: () => (isOn ? telemetry : undefined),
  });
  const invoke = (requestId: string, deadlineInMs?: number) => {
    const deadlineMs = deadlineInMs === undefined ? undefined : clock.now() + deadlineInMs;
    script.push({ body: JSON.stringify({ eventType: 'INVOKE', requestId, deadlineMs }) });
  };
  const shutdown = () => script.push({ body: JSON.stringify(SHUTDOWN) });
  return { clock, lines, history, outstanding, script, ends, state, lifecycle, invoke, shutdown };
}

test('polls the next event until SHUTDOWN', async () => {
  const { clock, history, lifecycle, invoke, shutdown } = newLifecycle({ waits: false });
  invoke('r1', 3_000);
  invoke('r2', 3_000);
  shutdown();
  await clock.until(lifecycle.run());
  expect(history.map(([what]) => what)).toEqual(['next', 'invoke r1', 'next', 'invoke r2', 'next', 'shutDown']);
});

test('waits for the end of the invocation, then for the flush, then polls', async () => {
  const { clock, history, lifecycle, ends, invoke } = newLifecycle();
  invoke('r1', 3_000);
  void lifecycle.run();
  await clock.advance(200);
  ends.markEnded('r1', clock.now());
  await clock.advance(0);
  expect(history).toEqual([
    ['next', 0],
    ['invoke r1', 0],
    ['flush until 700', 200],
    ['next', 200],
  ]);
});

test('does not wait for an end that came before the invocation was handled', async () => {
  const { clock, history, lifecycle, ends, invoke } = newLifecycle();
  ends.markEnded('r1', clock.now());
  invoke('r1', 3_000);
  void lifecycle.run();
  await clock.advance(0);
  expect(history.at(-1)).toEqual(['next', 0]);
});

test('counts the bound from the end of the function, of which it hears later', async () => {
  const { clock, history, lifecycle, ends, invoke } = newLifecycle();
  invoke('r1', 30_000);
  invoke('r2', 30_000);
  void lifecycle.run();
  await clock.advance(1_000);
  ends.markEnded('r1', clock.now() - 100);
  await clock.advance(1_000);
  ends.markEnded('r2', clock.now() - 400);
  await clock.advance(0);
  expect(history.filter(([what]) => what.startsWith('flush'))).toEqual([
    ['flush until 1425', 1_000],
    ['flush until 2125, whatever it tells', 2_000],
  ]);
});

test('counts the bound from now when the end is told by another clock', async () => {
  const { clock, history, lifecycle, ends, invoke } = newLifecycle();
  const start = clock.now();
  invoke('r1', 30_000);
  void lifecycle.run();
  await clock.advance(1_000);
  ends.markEnded('r1', start - 86_400_000);
  await clock.advance(0);
  expect(history).toContainEqual(['flush until 1500', 1_000]);
});

test('polls at once, without a flush, when telemetry is further behind than the bound', async () => {
  const { clock, history, lifecycle, ends, invoke } = newLifecycle();
  const start = clock.now();
  invoke('r1', 30_000);
  void lifecycle.run();
  await clock.advance(5_000);
  ends.observe(start + 4_475, clock.now());
  await clock.advance(0);
  expect(history.at(-1)).toEqual(['invoke r1', 0]);
  ends.observe(start + 4_474, clock.now());
  await clock.advance(0);
  expect(history.at(-1)).toEqual(['next', 5_000]);
});

test('leaves the flush 500 ms before the margin of 100 ms when the end does not come', async () => {
  const { clock, history, lifecycle, invoke } = newLifecycle();
  invoke('r1', 3_000);
  void lifecycle.run();
  await clock.advance(10_000);
  expect(history).toEqual([
    ['next', 0],
    ['invoke r1', 0],
    ['flush until 2900', 2_400],
    ['next', 2_400],
  ]);
});

test('polls at the latest 100 ms before the deadline, however long the flush takes', async () => {
  for (const deadlineMs of [300, 1_000, 3_000, 60_000]) {
    const bench = newLifecycle({
      flush: (until) => new Promise((resolve) => bench.clock.after(until - bench.clock.now(), resolve)),
    });
    bench.invoke('r1', deadlineMs);
    void bench.lifecycle.run();
    await bench.clock.advance(100_000);
    expect(bench.history.at(-1)).toEqual(['next', deadlineMs - 100]);
  }
});

test.each([undefined, -1_000, 0, 50])('does not wait when the deadline is %s ms ahead', async (deadlineInMs) => {
  const { clock, history, lifecycle, invoke } = newLifecycle();
  invoke('r1', deadlineInMs);
  void lifecycle.run();
  await clock.advance(0);
  expect(history.at(-1)).toEqual(['next', 0]);
});

test('waits no longer for ends once one has failed to arrive, and says so once', async () => {
  const { clock, history, lines, lifecycle, invoke } = newLifecycle();
  for (const requestId of ['r1', 'r2', 'r3']) invoke(requestId, 3_000);
  void lifecycle.run();
  await clock.advance(2_500);
  const expected = ['next', 'invoke r1', 'flush until 2900', 'next', 'invoke r2', 'next', 'invoke r3', 'next'];
  expect(history.map(([what]) => what)).toEqual(expected);
  expect(lines).toEqual([expect.stringContaining('platform.runtimeDone of r1 has not arrived')]);
});

test('waits again when the missed end arrives after all', async () => {
  const { clock, history, lines, lifecycle, script, ends, invoke } = newLifecycle();
  let answer = (_answer: { body: string }): void => {};
  invoke('r1', 3_000);
  script.push(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  void lifecycle.run();
  await clock.advance(2_500);
  ends.markEnded('r1', clock.now());
  answer({ body: JSON.stringify({ eventType: 'INVOKE', requestId: 'r2', deadlineMs: clock.now() + 3_000 }) });
  await clock.advance(1_000);
  expect(history.at(-1)).toEqual(['invoke r2', 2_500]);
  ends.markEnded('r2', clock.now());
  await clock.advance(0);
  expect(history.slice(-2)).toEqual([
    ['flush until 4000', 3_500],
    ['next', 3_500],
  ]);
  expect(lines).toEqual([]);
});

test('waits only for the first telemetry where none has ever come', async () => {
  const { clock, history, lifecycle, state, invoke } = newLifecycle();
  state.bodies = 0;
  invoke('r1', 60_000);
  void lifecycle.run();
  await clock.advance(60_000);
  expect(history).toEqual([
    ['next', 0],
    ['invoke r1', 0],
    ['next', 525],
  ]);
});

test('goes on waiting when the first telemetry has come meanwhile', async () => {
  const { clock, history, lifecycle, state, ends, invoke } = newLifecycle();
  state.bodies = 0;
  invoke('r1', 60_000);
  void lifecycle.run();
  await clock.advance(500);
  state.bodies = 1;
  await clock.advance(9_500);
  ends.markEnded('r1', clock.now());
  await clock.advance(0);
  expect(history.at(-1)).toEqual(['next', 10_000]);
});

test('polls on without telemetry', async () => {
  const { clock, history, lifecycle, invoke, shutdown } = newLifecycle({ isOn: false });
  invoke('r1', 3_000);
  shutdown();
  await clock.until(lifecycle.run());
  expect(history.map(([what]) => what)).toEqual(['next', 'next']);
});

test('polls on when handling an invocation fails, and ends when SHUTDOWN fails', async () => {
  const { clock, history, lines, lifecycle, state, invoke, shutdown } = newLifecycle();
  state.failure = new Error('broken');
  invoke('r1', 3_000);
  shutdown();
  await clock.until(lifecycle.run());
  expect(history.map(([what]) => what)).toEqual(['next', 'invoke r1', 'next', 'shutDown']);
  expect(lines).toEqual([expect.stringContaining('INVOKE was not handled as it should: broken')]);
});

test('tells the flusher how many earlier ends are outstanding', async () => {
  const { clock, outstanding, lifecycle, ends, invoke, shutdown } = newLifecycle({ waits: false });
  for (const requestId of ['r1', 'r2', 'r3']) invoke(requestId, 3_000);
  shutdown();
  await clock.until(lifecycle.run());
  expect(outstanding).toEqual([0, 1, 2]);
  ends.markEnded('r1', clock.now());
  expect(ends.unfinished).toBe(2);
});

test('ignores an event of another type', async () => {
  const { clock, history, lifecycle, script, shutdown } = newLifecycle();
  script.push({ body: '{"eventType":"NEW"}' });
  shutdown();
  await clock.until(lifecycle.run());
  expect(history.map(([what]) => what)).toEqual(['next', 'next', 'shutDown']);
});
