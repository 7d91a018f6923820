import { expect, test } from 'vitest';
import { ENVIRONMENT } from '../../extension/src/environment';
import { parseSettings, type Settings } from '../../extension/src/settings';

const DEFAULTS: Settings = {
  stream: undefined,
  endpoint: undefined,
  useFipsEndpoint: false,
  useDualStackEndpoint: false,
  region: '',
  types: ['platform', 'function'],
  bufferTimeoutMs: 25,
  bufferMaxBytes: 262_144,
  bufferMaxItems: 10_000,
  flush: { name: 'adaptive' },
  flushTimeoutMs: 500,
  recordFormat: 'ndjson',
  partitionKey: 'random',
  maxBufferBytes: 6_710_886,
  maxRecordBytes: 1_048_576,
  client: 'signed',
  tags: {},
  logLevel: 'warn',
  selfMetrics: 'none',
};
const ARN = 'arn:aws-us-gov:kinesis:us-gov-west-1:123456789012:stream/my.Stream-1_x';

test('has a default for everything, and warns of nothing', () => {
  expect(parseSettings({})).toEqual({ settings: DEFAULTS, warnings: [] });
});

test('takes an empty variable for one that is not set', () => {
  const environment = Object.fromEntries(Object.values(ENVIRONMENT).map((name) => [name, ' ']));
  expect(parseSettings(environment)).toEqual({ settings: DEFAULTS, warnings: [] });
});

test.each<[keyof typeof ENVIRONMENT, string, Partial<Settings>]>([
  ['stream', 'orders', { stream: 'orders' }],
  ['stream', ' orders ', { stream: 'orders' }],
  ['stream', 's'.repeat(128), { stream: 's'.repeat(128) }],
  ['stream', ARN, { stream: ARN, region: 'us-gov-west-1' }],
  ['endpoint', 'http://127.0.0.1:4566/', { endpoint: 'http://127.0.0.1:4566' }],
  [
    'endpoint',
    'https://vpce-1.kinesis.eu-west-1.vpce.amazonaws.com',
    { endpoint: 'https://vpce-1.kinesis.eu-west-1.vpce.amazonaws.com' },
  ],
  ['types', 'function', { types: ['function'] }],
  ['types', 'extension, function,platform,', { types: ['platform', 'function', 'extension'] }],
  ['bufferTimeoutMs', '25', { bufferTimeoutMs: 25 }],
  ['bufferTimeoutMs', '30000', { bufferTimeoutMs: 30_000 }],
  ['bufferMaxBytes', '1048576', { bufferMaxBytes: 1_048_576 }],
  ['bufferMaxItems', '1000', { bufferMaxItems: 1_000 }],
  ['flush', 'adaptive', { flush: { name: 'adaptive' } }],
  ['flush', 'end-of-invocation', { flush: { name: 'end-of-invocation' } }],
  ['flush', 'next-invocation', { flush: { name: 'next-invocation' } }],
  ['flush', 'periodic:10', { flush: { name: 'periodic', intervalMs: 10 } }],
  ['flush', 'periodic:900000', { flush: { name: 'periodic', intervalMs: 900_000 } }],
  ['flushTimeoutMs', '10', { flushTimeoutMs: 10 }],
  ['recordFormat', 'json', { recordFormat: 'json' }],
  ['recordFormat', 'ndjson-gzip', { recordFormat: 'ndjson-gzip' }],
  ['partitionKey', 'instance', { partitionKey: 'instance' }],
  ['partitionKey', 'request', { partitionKey: 'request' }],
  ['maxBufferBytes', '1048576', { maxBufferBytes: 1_048_576 }],
  ['maxRecordBytes', '10485760', { maxRecordBytes: 10_485_760 }],
  ['client', 'sdk', { client: 'sdk' }],
  ['tags', '{"team":"shop","":""}', { tags: { team: 'shop', '': '' } }],
  ['logLevel', 'debug', { logLevel: 'debug' }],
  ['logLevel', 'off', { logLevel: 'off' }],
  ['selfMetrics', 'emf', { selfMetrics: 'emf' }],
  ['selfMetrics', 'none', { selfMetrics: 'none' }],
])('reads %s = %j', (key, value, expected) => {
  expect(parseSettings({ [ENVIRONMENT[key]]: value })).toEqual({
    settings: { ...DEFAULTS, ...expected },
    warnings: [],
  });
});

const URL_ALLOWED = 'a URL such as';
const TAGS_ALLOWED = 'a JSON object whose values are strings';
const STREAM_ALLOWED = 'a stream name (1 to 128 of a-z A-Z 0-9 _ . -) or a stream ARN';
const TYPES_ALLOWED = 'a comma-separated list of platform, function, extension';
const FLUSH_ALLOWED = 'adaptive, end-of-invocation, next-invocation or periodic:<10 to 900000 ms>';

test.each<[keyof typeof ENVIRONMENT, string[], string, string]>([
  [
    'stream',
    ['my stream', 's'.repeat(129), 'arn:aws:s3:::bucket', `${ARN}/consumer/x:1`],
    STREAM_ALLOWED,
    'telemetry is off',
  ],
  ['stream', ['arn:aws:kinesis:eu-west-1:1234:stream/a'], STREAM_ALLOWED, 'telemetry is off'],
  [
    'endpoint',
    ['localhost:4566', 'ftp://host', 'https://', 'http://[', 'https:///path'],
    URL_ALLOWED,
    'the AWS endpoint',
  ],
  ['types', ['logs', 'platform;function', ',', 'Function'], TYPES_ALLOWED, 'using ["platform","function"]'],
  ['bufferTimeoutMs', ['24', '30001', '-1', '1e3', '25.5', '25ms'], 'a whole number from 25 to 30000', 'using 25'],
  ['bufferMaxBytes', ['262143', '1048577', '0x40000'], 'a whole number from 262144 to 1048576', 'using 262144'],
  ['bufferMaxItems', ['999', '10001'], 'a whole number from 1000 to 10000', 'using 10000'],
  [
    'flush',
    ['end', 'periodic', 'periodic:9', 'periodic:900001', 'periodic:1s'],
    FLUSH_ALLOWED,
    'using {"name":"adaptive"}',
  ],
  ['flushTimeoutMs', ['9', '60001', 'NaN'], 'a whole number from 10 to 60000', 'using 500'],
  ['recordFormat', ['NDJSON', 'csv'], 'one of ndjson, json, ndjson-gzip', 'using "ndjson"'],
  ['partitionKey', ['function'], 'one of random, instance, request', 'using "random"'],
  ['maxBufferBytes', ['1048575', '99999999999999999999'], 'a whole number from 1048576 to 1073741824', 'using 6710886'],
  ['maxRecordBytes', ['1023', '10485761'], 'a whole number from 1024 to 10485760', 'using 1048576'],
  ['client', ['aws'], 'one of signed, sdk', 'using "signed"'],
  ['tags', ['{', '[]', 'null', '"a"', '{"a":1}', '{"a":null}', '{"a":{"b":"c"}}'], TAGS_ALLOWED, 'using {}'],
  ['logLevel', ['WARN', 'trace'], 'one of debug, info, warn, error, off', 'using "warn"'],
  ['selfMetrics', ['EMF', 'true', 'cloudwatch'], 'one of none, emf', 'using "none"'],
])(
  'names %s, the value %j, what is allowed and what is used instead in one warning',
  (key, values, allowed, instead) => {
    for (const value of values) {
      const { settings, warnings } = parseSettings({ [ENVIRONMENT[key]]: value });
      expect(settings).toEqual(DEFAULTS);
      expect(warnings).toHaveLength(1);
      const given = JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}...` : value);
      expect(warnings[0]).toContain(`${ENVIRONMENT[key]} cannot be used: ${given} is not ${allowed}`);
      expect(warnings[0]).toContain(instead);
      expect(warnings[0]).not.toContain('\n');
    }
  },
);

test('warns of a variable with our prefix that it does not know', () => {
  const { settings, warnings } = parseSettings({ KINESIS_TELEMETRY_STREAM_NAME: 'x', OTHER: 'y' });
  expect(settings).toEqual(DEFAULTS);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('KINESIS_TELEMETRY_STREAM_NAME is not a variable of this extension');
  for (const name of Object.values(ENVIRONMENT)) expect(warnings[0]).toContain(name);
});

test('takes the first of its endpoint variables that is set and can be used', () => {
  const environment = {
    [ENVIRONMENT.endpoint]: 'https://own',
    AWS_ENDPOINT_URL_KINESIS: 'https://kinesis',
    AWS_ENDPOINT_URL: 'https://all',
  };
  const endpoint = (without: string[]) =>
    parseSettings({ ...environment, ...Object.fromEntries(without.map((name) => [name, undefined])) }).settings
      .endpoint;
  expect(endpoint([])).toBe('https://own');
  expect(endpoint([ENVIRONMENT.endpoint])).toBe('https://kinesis');
  expect(endpoint([ENVIRONMENT.endpoint, 'AWS_ENDPOINT_URL_KINESIS'])).toBe('https://all');
});

test('says truly what is used in place of an endpoint that cannot be used', () => {
  const { settings, warnings } = parseSettings({ [ENVIRONMENT.endpoint]: 'own', AWS_ENDPOINT_URL: 'https://all' });
  expect(settings.endpoint).toBe('https://all');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('AWS_ENDPOINT_URL');
});

test.each(['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])('honours %s', (name) => {
  const chosen = (value: string) => {
    const { settings, warnings } = parseSettings({ [name]: value });
    return [settings[name.includes('FIPS') ? 'useFipsEndpoint' : 'useDualStackEndpoint'], warnings];
  };
  expect(chosen('true')).toEqual([true, []]);
  expect(chosen('TRUE')).toEqual([true, []]);
  expect(chosen('false')).toEqual([false, []]);
  expect(chosen('yes')).toEqual([false, [`${name} cannot be used: "yes" is not true or false; using false`]]);
});

test.each(['AWS_ENDPOINT_URL_KINESIS', 'AWS_ENDPOINT_URL'])('warns once of an unusable %s', (name) => {
  const { settings, warnings } = parseSettings({ [name]: 'localhost' });
  expect(settings.endpoint).toBeUndefined();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain(`${name} cannot be used: "localhost" is not a URL`);
});

test.each([
  [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-2' }, 'eu-west-1'],
  [{ AWS_DEFAULT_REGION: 'us-east-2' }, 'us-east-2'],
  [{ AWS_REGION: 'eu-west-1', KINESIS_TELEMETRY_STREAM: 'name' }, 'eu-west-1'],
  [{ AWS_REGION: 'eu-west-1', KINESIS_TELEMETRY_STREAM: ARN }, 'us-gov-west-1'],
])('finds the Region of %j', (environment, region) => {
  expect(parseSettings(environment).settings.region).toBe(region);
});

test.each([
  ['128', 6_710_886],
  ['10240', 33_554_432],
  ['512', 26_843_545],
  ['64', 4_194_304],
  ['text', 4_194_304],
  ['', 4_194_304],
])('gives 5%% of %s MB of memory to the buffer, within 4 and 32 MiB', (memory, expected) => {
  expect(parseSettings({ AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory }).settings.maxBufferBytes).toBe(expected);
});
