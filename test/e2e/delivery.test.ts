import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { expectedLines, outline, sandboxed } from './sandboxed';

describe('the built layer', () => {
  it('delivers every event of an environment once and in order, and closes its books', async () => {
    const { environment, kinesis, events, ledgers } = await sandboxed();
    await environment.invoke({ lines: ['one', 'two'] });
    await environment.invoke({ lines: ['three'] });
    await environment.invoke({ throws: 'boom' });
    const shutdown = await environment.shutdown();

    expect(shutdown).toMatchObject({ exitCode: 0, killed: false });
    expect(outline(events())).toEqual(expectedLines(environment));
    expect(environment.extensionOutput).toEqual([]);
    const last = ledgers().at(-1);
    const produced = environment.produced.length;
    expect(last).toMatchObject({ final: true, received: produced, delivered: produced, dropped: 0, held: 0 });
    expect(kinesis.calls.every((call) => call.status === 200)).toBe(true);
  });

  it('has the invocation in the stream before the environment freezes', async () => {
    const { environment, events } = await sandboxed();
    const { requestId } = await environment.invoke({ lines: ['hello'] });
    expect(
      events()
        .filter((line) => line.request_id === requestId)
        .map(({ type }) => type),
    ).toEqual(['platform.start', 'function', 'platform.runtimeDone']);
  });

  it('sends a text line as message with the request it belongs to', async () => {
    const { environment, events } = await sandboxed({ logFormat: 'Text' });
    const { requestId } = await environment.invoke({ lines: ['Grüße "aus" Zürich\nund 東京 🚀'] });
    const line = events().find(({ type }) => type === 'function');
    expect(line).toMatchObject({ v: 1, request_id: requestId });
    expect(line?.message).toMatch(/\tINFO\tGrüße "aus" Zürich\nund 東京 🚀$/);
    expect(line).not.toHaveProperty('record');
  });

  it('sends a JSON line as the untouched record', async () => {
    const { environment, kinesis, events } = await sandboxed({ logFormat: 'JSON' });
    const raw = '{"z":1,"a":{"deep":[1,2.50,null]},"total":12345678901234567890,"text":"é\\u00e9"}';
    const { requestId } = await environment.invoke({ raw: [raw], lines: ['plain'] });
    const lines = events().filter(({ type }) => type === 'function');
    expect(lines).toHaveLength(2);
    expect(lines.every((line) => line.request_id === requestId && line.message === undefined)).toBe(true);
    expect(lines).toContainEqual(expect.objectContaining({ record: JSON.parse(raw) }));
    expect(
      kinesis
        .records()
        .map(({ data }) => data.toString())
        .join(''),
    ).toContain('"text":"é');
  });

  it('carries identity, tags and the figures of the report', async () => {
    const { environment, events } = await sandboxed(
      {
        functionName: 'checkout',
        functionVersion: '7',
        region: 'eu-central-1',
        accountId: '210987654321',
        memorySizeMb: 512,
        variables: { KINESIS_TELEMETRY_TAGS: '{"team":"shop"}' },
      },
      { region: 'eu-central-1' },
    );
    await environment.invoke();
    await environment.shutdown();
    for (const line of events()) {
      expect(line).toMatchObject({
        v: 1,
        account_id: '210987654321',
        region: 'eu-central-1',
        function_name: 'checkout',
        function_version: '7',
        tags: { team: 'shop' },
      });
      expect(line.instance_id).toMatch(/^[0-9a-f-]{36}$/);
    }
    const report = events().find(({ type }) => type === 'platform.report');
    expect(report).toMatchObject({ status: 'success', memory_size_mb: 512 });
    expect(report?.duration_ms).toBeGreaterThan(0);
    expect(report?.billed_duration_ms).toBeGreaterThan(0);
    expect(report?.init_duration_ms).toBeGreaterThan(0);
    expect(report?.max_memory_used_mb).toBeGreaterThan(0);
  });

  it('writes one event a record in the format json', async () => {
    const { environment, kinesis } = await sandboxed({ variables: { KINESIS_TELEMETRY_RECORD_FORMAT: 'json' } });
    await environment.invoke({ lines: ['a', 'b', 'c'] });
    await environment.shutdown();
    const records = kinesis.records().map(({ data }) => data.toString());
    expect(records).toHaveLength(environment.produced.length + 1);
    for (const record of records) expect(record).toMatch(/^\{[^\n]*\}\n$/);
  });

  it('writes gzip members that form one valid file in the format ndjson-gzip', async () => {
    const { environment, kinesis } = await sandboxed({ variables: { KINESIS_TELEMETRY_RECORD_FORMAT: 'ndjson-gzip' } });
    await environment.invoke({ count: 2_000, text: 'a line that repeats itself' });
    await environment.shutdown();
    const data = kinesis.records().map((record) => record.data);
    const lines = gunzipSync(Buffer.concat(data)).toString().trimEnd().split('\n');
    expect(lines).toHaveLength(environment.produced.length + 1);
    expect(Math.max(...data.map(({ length }) => length))).toBeLessThanOrEqual(25_000);
  });

  it('packs at most 25,000 bytes and 500 lines into a record', async () => {
    const { environment, kinesis } = await sandboxed();
    await environment.invoke({ count: 3_000, text: 'x' });
    await environment.shutdown();
    const records = kinesis.records();
    expect(Math.max(...records.map(({ data }) => data.length))).toBeLessThanOrEqual(25_000);
    expect(Math.max(...records.map(({ data }) => data.toString().split('\n').length - 1))).toBeLessThanOrEqual(500);
    expect(records.length).toBeLessThan(100);
  });

  it.each([
    ['random', (keys: Set<string>, records: number) => keys.size === records],
    ['instance', (keys: Set<string>) => keys.size === 1],
  ])('chooses the partition key %s', async (choice, holds) => {
    const { environment, kinesis } = await sandboxed({ variables: { KINESIS_TELEMETRY_PARTITION_KEY: choice } });
    for (let count = 0; count < 3; count += 1) await environment.invoke();
    await environment.shutdown();
    const records = kinesis.records();
    expect(holds(new Set(records.map(({ partitionKey }) => partitionKey)), records.length)).toBe(true);
  });

  it('keeps the lines of a request under its id with the partition key request', async () => {
    const { environment, kinesis } = await sandboxed({ variables: { KINESIS_TELEMETRY_PARTITION_KEY: 'request' } });
    const { requestId } = await environment.invoke({ lines: ['mine'] });
    await environment.shutdown();
    const mine = kinesis.records().filter(({ partitionKey }) => partitionKey === requestId);
    expect(mine.length).toBeGreaterThan(0);
    for (const { data } of mine) {
      for (const line of data.toString().trimEnd().split('\n')) expect(JSON.parse(line).request_id).toBe(requestId);
    }
  });

  it('subscribes with the older schema where the newest is not known', async () => {
    const { environment, events } = await sandboxed({ telemetry: { schemaVersions: ['2022-12-13'] } });
    await environment.invoke({ lines: ['old schema'] });
    await environment.shutdown();
    expect(outline(events())).toEqual(expectedLines(environment));
    expect(events().some(({ type }) => type === 'function')).toBe(true);
  });

  it('sends only the types that are asked for', async () => {
    const { environment, events } = await sandboxed({ variables: { KINESIS_TELEMETRY_TYPES: 'function' } });
    await environment.invoke({ lines: ['a', 'b'] });
    await environment.shutdown();
    expect(events().map(({ type, seq }) => [type, seq])).toEqual([
      ['function', 1],
      ['function', 2],
    ]);
  });

  it('addresses the stream by ARN in the Region of the ARN', async () => {
    const { environment, kinesis, events } = await sandboxed(
      {
        region: 'us-east-1',
        variables: { KINESIS_TELEMETRY_STREAM: 'arn:aws:kinesis:eu-west-1:123456789012:stream/telemetry' },
      },
      { region: 'eu-west-1' },
    );
    await environment.invoke();
    expect(events().length).toBeGreaterThan(0);
    expect(kinesis.calls[0]?.authorization).toContain('/eu-west-1/kinesis/aws4_request');
  });
});
