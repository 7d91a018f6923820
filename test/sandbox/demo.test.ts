import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KinesisFake } from '../../sandbox/src';
import { parseArguments } from '../../sandbox/src/demo/arguments';
import { costPerMillionEvents } from '../../sandbox/src/demo/billing';
import { checkDelivery } from '../../sandbox/src/demo/delivery-check';
import { startKinesisLocal } from '../../sandbox/src/demo/kinesis-local';
import { printable } from '../../sandbox/src/demo/line-printer';

const MAIN = resolve(__dirname, '../../sandbox/src/demo/main.ts');
const time = '2026-11-21T10:00:00.000Z';

async function runDemo(
  args: readonly string[],
  whenSaid?: { readonly text: string; readonly signal: NodeJS.Signals },
): Promise<{ exitCode: number; output: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const before = output;
    output += chunk;
    if (whenSaid && output.includes(whenSaid.text) && !before.includes(whenSaid.text)) child.kill(whenSaid.signal);
  });
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, output };
}

describe('the demo', () => {
  it('finds every event in the stream and ends with 0', async () => {
    const { exitCode, output } = await runDemo(['--fake']);
    expect(output).toContain('Every event arrived');
    expect(exitCode).toBe(0);
  });

  it('answers the queries of the archive with --sql', async () => {
    const { exitCode, output } = await runDemo(['--fake', '--sql']);
    expect(output).toMatch(/cold-starts: .*\n.*function_name.*\n {2}demo-function/);
    expect(output).toMatch(/delivery-by-instance: .*\n.*verdict\n.*complete\n.*complete\n/);
    expect(output).toMatch(/gaps: .*\n {2}\(none\)/);
    expect(exitCode).toBe(0);
  });

  it('ends with 1 and names what is missing when Kinesis refuses everything', async () => {
    const kinesis = await KinesisFake.start({ streams: [{ name: 'existing' }] });
    kinesis.behave(({ operation }) =>
      operation === 'PutRecords' ? { errorType: 'AccessDeniedException' } : undefined,
    );
    const { exitCode, output } = await runDemo(['--endpoint', kinesis.url, '--stream', 'existing']);
    await kinesis.close();
    expect(output).toContain('MISSING  text logs: seq 1 (platform.initStart');
    expect(exitCode).toBe(1);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends on %s without waiting for the rest', async (signal, expected) => {
    const { exitCode, output } = await runDemo(['--fake'], { text: 'warm invocation', signal });
    expect(exitCode).toBe(expected);
    expect(output).not.toContain('Every event arrived');
  });

  it('starts kinesis-local on loopback only', async () => {
    const local = await startKinesisLocal();
    const { networkInterfaces } = await import('node:os');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4');
    expect((await fetch(local.url)).status).toBeGreaterThanOrEqual(200);
    if (outside) await expect(fetch(local.url.replace('127.0.0.1', outside.address))).rejects.toThrow();
    await local.stop();
    await expect(fetch(local.url)).rejects.toThrow();
  });
});

describe('billing', () => {
  // the table of the Kinesis reference: 400-byte events, 16-byte keys
  it.each([
    ['one event a record', [401 + 16], 1, 0.0763, 0.0223],
    ['five events a record', [2_005 + 16], 5, 0.0153 * 2, 0.006],
    ['packed to 25 kB', [24_862 + 16], 62, 0.0308, 0.0034],
  ])('costs %s what the reference says', (_, records, events, onDemand, provisioned) => {
    const cost = costPerMillionEvents(records, events);
    expect(cost.onDemand).toBeCloseTo(onDemand, 3);
    expect(cost.provisioned).toBeCloseTo(provisioned, 3);
  });
});

describe('the delivery check', () => {
  const produced = [
    { time, type: 'platform.start', record: { requestId: 'r' } },
    { time, type: 'function', record: 'hello' },
  ];
  const lines = [
    { type: 'platform.start', time, seq: 1, record: { requestId: 'r' } },
    { type: 'function', time, seq: 2, message: 'hello' },
    { type: 'extension.stats', time, final: true, dropped: 0 },
  ];

  it('is content with every event once, in any order, and counts duplicates', () => {
    expect(checkDelivery(produced, [...lines].reverse())).toMatchObject({
      produced: 2,
      delivered: 2,
      duplicates: 0,
      findings: [],
    });
    expect(checkDelivery(produced, [...lines, ...lines.slice(1, 2)])).toMatchObject({ duplicates: 1, findings: [] });
  });

  it('finds what is missing, changed or made up', () => {
    expect(checkDelivery(produced, lines.slice(1)).findings).toEqual([`seq 1 (platform.start of ${time}) is missing`]);
    const changed = lines.map((line) => (line.seq === 2 ? { ...line, message: 'hallo' } : line));
    expect(checkDelivery(produced, changed).findings).toEqual([expect.stringContaining('seq 2 differs')]);
    expect(checkDelivery(produced.slice(1, 1), lines).findings).toEqual([
      'seq 1 was never produced',
      'seq 2 was never produced',
    ]);
    expect(checkDelivery(produced, lines.slice(0, 2)).findings).toEqual(['the final extension.stats line is missing']);
  });
});

describe('the command line', () => {
  it('knows its options and refuses others', () => {
    expect(parseArguments(['--fake'])).toEqual({ fake: true, endpoint: undefined, stream: undefined, sql: false });
    expect(parseArguments(['--sql'])).toMatchObject({ sql: true });
    expect(parseArguments(['--endpoint', 'http://x', '--stream', 's'])).toMatchObject({
      endpoint: 'http://x',
      stream: 's',
    });
    expect(parseArguments(['-h'])).toBe('help');
    expect(() => parseArguments(['--fake', '--endpoint', 'x'])).toThrow('exclude each other');
    expect(() => parseArguments(['--other'])).toThrow();
  });

  it('prints one aligned line for each event', () => {
    const line = {
      type: 'function',
      time,
      seq: 7,
      instance_id: 'abcd1234',
      request_id: '0123456789',
      message: 't\tr\tINFO\ttwo\nlines',
    };
    expect(printable(line)).toBe(`  stream > 10:00:00.000 1234   #7  ${'function'.padEnd(30)} 01234567  two`);
  });
});
