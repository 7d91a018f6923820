import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExecutionEnvironment } from '../../sandbox/src';
import { FAKE_LAYER, said, start } from './fake-environment';

async function call(
  environment: ExecutionEnvironment,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<[number, string]> {
  const response = await fetch(`http://${environment.runtimeApiAddress}/2020-01-01/extension/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return [response.status, ((await response.json()) as { errorType: string }).errorType];
}

const name = { 'Lambda-Extension-Name': 'late' };
const unknown = { 'Lambda-Extension-Identifier': '00000000-0000-4000-8000-000000000000' };

describe('the Extensions API', () => {
  it.each([
    ['no name', 'register', {}, { events: [] }, 'Extension.InvalidExtensionName'],
    ['a body that is no JSON', 'register', name, '{', 'InvalidRequestFormat'],
    ['configuration keys', 'register', name, { events: [], configurationKeys: ['x'] }, 'InvalidRequestFormat'],
    ['an unknown event', 'register', name, { events: ['BOOT'] }, 'Extension.InvalidEventType'],
    ['a registration after init', 'register', name, { events: ['INVOKE'] }, 'Extension.RegistrationClosed'],
    ['no identifier', 'event/next', {}, undefined, 'Extension.MissingExtensionIdentifier'],
    [
      'an identifier that is no UUID',
      'event/next',
      { 'Lambda-Extension-Identifier': 'x' },
      undefined,
      'Extension.InvalidExtensionIdentifier',
    ],
    ['an unknown identifier', 'event/next', unknown, undefined, 'Extension.UnknownExtensionIdentifier'],
  ])('refuses %s with 403', async (_, path, headers, body, errorType) => {
    const environment = await start();
    expect(await call(environment, path, headers as Record<string, string>, body)).toEqual([403, errorType]);
  });

  it('takes /init/error only before the first /next and needs its error type', async () => {
    const environment = await start();
    const register = environment.exchanges.find(({ path }) => path.endsWith('/register'));
    const identifier = String(register?.responseHeaders?.['Lambda-Extension-Identifier']);
    const headers = { 'Lambda-Extension-Identifier': identifier };
    expect(await call(environment, 'init/error', headers, {})).toEqual([403, 'Extension.MissingHeader']);
    const typed = { ...headers, 'Lambda-Extension-Function-Error-Type': 'Test.Late' };
    expect(await call(environment, 'init/error', typed, {})).toEqual([403, 'Extension.InvalidExtensionState']);
    expect(await call(environment, 'event/next', headers)).toEqual([403, 'Extension.InvalidExtensionState']); // one poll is open
    expect((await environment.invoke({})).status).toBe('success');
  });

  it('names the handed event on INVOKE answers', async () => {
    const environment = await start();
    await environment.invoke({}, { traceId: 'Root=1-2-3;Parent=0123456789abcdef;Sampled=0' });
    const answered = environment.exchanges.find(({ path, status }) => path.endsWith('/event/next') && status === 200);
    expect(answered?.responseHeaders).toHaveProperty('Lambda-Extension-Event-Identifier');
    expect((await said(environment, 'next'))[0]).toMatchObject({
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:sandbox-function',
      tracing: { type: 'X-Amzn-Trace-Id', value: 'Root=1-2-3;Parent=0123456789abcdef;Sampled=0' },
    });
  });

  it('executes every file of extensions/ and waits for all of them', async () => {
    const folder = await layerWith(['fake-extension', 'fake-second']);
    const environment = await start({}, { layerDirectory: folder, observedExtension: 'fake-second' });
    expect(await said(environment, 'registered', 2)).toHaveLength(2);
    expect((await environment.invoke({})).status).toBe('success');
    expect(await said(environment, 'next', 2)).toHaveLength(2);
    expect(environment.produced.length).toBeGreaterThan(0);
    await environment.shutdown();
    await rm(folder, { recursive: true });
  });

  it('starts no more than ten extensions', async () => {
    const folder = await layerWith(Array.from({ length: 11 }, (_, index) => `fake-${index}`));
    await expect(start({}, { layerDirectory: folder })).rejects.toThrow('Extension.TooManyExtensions: 11 files');
    await rm(folder, { recursive: true });
  });
});

async function layerWith(names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  for (const file of names) {
    const target = join(folder, 'extensions', file);
    await cp(join(FAKE_LAYER, 'extensions/fake-extension'), target);
    await chmod(target, 0o755);
  }
  return folder;
}
