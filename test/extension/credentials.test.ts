import { expect, test } from 'vitest';
import { environmentCredentials } from '../../extension/src/credentials';
import { FakeClock } from './fake-clock';
import { startServer } from './test-server';

const clock = new FakeClock();

test('takes the keys of the environment', async () => {
  const environment = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
  expect(await environmentCredentials(environment, clock.now).get()).toEqual({
    accessKeyId: 'AKID',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  });
});

test('has no token where the variable is empty', async () => {
  const environment = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: '' };
  expect((await environmentCredentials(environment, clock.now).get()).sessionToken).toBeUndefined();
});

test('reads the keys anew each time, since Lambda may replace them', async () => {
  const environment: Record<string, string> = { AWS_ACCESS_KEY_ID: 'one', AWS_SECRET_ACCESS_KEY: 'secret' };
  const source = environmentCredentials(environment, clock.now);
  expect((await source.get()).accessKeyId).toBe('one');
  environment.AWS_ACCESS_KEY_ID = 'two';
  expect((await source.get(true)).accessKeyId).toBe('two');
});

test.each([{}, { AWS_ACCESS_KEY_ID: 'AKID' }, { AWS_SECRET_ACCESS_KEY: 'secret' }])(
  'rejects with %j',
  async (environment) => {
    const expected = { code: 'MissingCredentials', message: 'no AWS credentials in the environment' };
    await expect(environmentCredentials(environment, clock.now).get()).rejects.toMatchObject(expected);
  },
);

/** Container credentials that are valid for an hour, numbered by request. */
async function containerCredentials(lifetimeMs = 3_600_000) {
  const time = new FakeClock();
  const { url, received } = await startServer((_request, response) => {
    const expiration = new Date(time.now() + lifetimeMs).toISOString();
    const number = received.length;
    response.end(
      JSON.stringify({ AccessKeyId: `id-${number}`, SecretAccessKey: 's', Token: 't', Expiration: expiration }),
    );
  });
  const environment = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'auth',
  };
  const source = environmentCredentials(environment, time.now);
  return { time, received, id: async (fresh?: boolean) => (await source.get(fresh)).accessKeyId };
}

test('fetches container credentials with the token, and keeps them', async () => {
  const { received, id } = await containerCredentials();
  expect([await id(), await id()]).toEqual(['id-1', 'id-1']);
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ method: 'GET', path: '/credentials', headers: { authorization: 'auth' } });
});

test('fetches container credentials anew five minutes before they expire', async () => {
  const { time, id } = await containerCredentials();
  expect(await id()).toBe('id-1');
  time.jump(3_600_000 - 300_001);
  expect(await id()).toBe('id-1');
  time.jump(1);
  expect(await id()).toBe('id-2');
});

test('fetches container credentials anew when the last were refused', async () => {
  const { id } = await containerCredentials();
  expect([await id(), await id(true), await id()]).toEqual(['id-1', 'id-2', 'id-2']);
});

test.each([
  ['another status', 500, '{}', 'container credentials: status 500'],
  ['no JSON', 200, '<html>', 'container credentials: the answer is not JSON'],
  ['null', 200, 'null', 'container credentials: the answer is not JSON'],
  ['no keys', 200, '{"AccessKeyId":"a"}', 'container credentials: the answer has no keys'],
])('rejects when the container endpoint answers with %s', async (_name, status, body, message) => {
  const { url } = await startServer((_request, response) => response.writeHead(status).end(body));
  const source = environmentCredentials({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url }, clock.now);
  await expect(source.get()).rejects.toMatchObject({ code: 'MissingCredentials', message });
});

test('rejects when the container endpoint cannot be reached', async () => {
  const environment = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/' };
  await expect(environmentCredentials(environment, clock.now).get()).rejects.toMatchObject({
    code: 'MissingCredentials',
  });
});

test('rejects when the container endpoint does not answer within a second', async () => {
  const { url } = await startServer(() => {});
  const source = environmentCredentials({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url }, clock.now);
  await expect(source.get()).rejects.toMatchObject({ message: 'container credentials: no answer' });
});
