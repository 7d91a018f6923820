// The Node.js runtime client: runs in the function's process, like Lambda's own aws-lambda-nodejs-runtime-interface-client.
// Plain JavaScript, because the node under test runs it without a loader.
import { AsyncLocalStorage } from 'node:async_hooks';
import { writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const base = '/2018-06-01/runtime';
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const json = process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';
const concurrency = Number(process.env.AWS_LAMBDA_MAX_CONCURRENCY ?? 1);
const LOG_FD = 3;
const LOG_FRAME = 0xa55a0003;
const MARK_FRAME = 0xa55a00ff;
const stdoutWrite = process.stdout.write.bind(process.stdout);
const stderrWrite = process.stderr.write.bind(process.stderr);

const scope = concurrency > 1 ? new AsyncLocalStorage() : undefined;
let current;
const requestId = () => (scope ? scope.getStore() : current);

function writeFrame(type, text) {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(16 + length);
  frame.writeUInt32BE(type, 0);
  frame.writeUInt32BE(length, 4);
  frame.writeBigUInt64BE(BigInt(Date.now()) * 1000n, 8);
  frame.write(text, 16, 'utf8');
  for (let written = 0; written < frame.length; ) {
    try {
      written += writeSync(LOG_FD, frame, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

/** One message, one frame: a message of several lines stays one event. */
function log(level, parameters) {
  const timestamp = new Date().toISOString();
  if (!json) return writeFrame(LOG_FRAME, `${timestamp}\t${requestId()}\t${level}\t${format(...parameters)}`);
  const entry = { timestamp, level, requestId: requestId() };
  const error = parameters.find((parameter) => parameter instanceof Error);
  entry.message = parameters.length === 1 && !error ? parameters[0] : format(...parameters);
  if (error) {
    entry.errorType = error.constructor?.name ?? 'UnknownError';
    entry.errorMessage = error.message;
    entry.stackTrace = String(error.stack).split('\n');
  }
  let text;
  try {
    text = JSON.stringify(entry);
  } catch {
    text = JSON.stringify({ ...entry, message: format(entry.message) });
  }
  return writeFrame(LOG_FRAME, text);
}

for (const [method, level] of Object.entries({
  log: 'INFO',
  info: 'INFO',
  debug: 'DEBUG',
  trace: 'TRACE',
  warn: 'WARN',
  error: 'ERROR',
})) {
  console[method] = (...parameters) => log(level, parameters);
}

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, agent, method, path: `${base}/${path}`, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const describe = (error) => ({
  errorType: error?.name ?? 'Error',
  errorMessage: error?.message ?? String(error),
  trace: String(error?.stack ?? '').split('\n'),
});

/** Ends this invocation's output on all three descriptors, so that the platform knows when it has seen all of it. */
async function mark(id) {
  const line = `\u0000sandbox-end:${id}\n`;
  await new Promise((resolve) => stdoutWrite(line, resolve));
  await new Promise((resolve) => stderrWrite(line, resolve));
  writeFrame(MARK_FRAME, id);
}

async function run(handler, event, headers) {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  const context = {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
  if (handler.length < 3) return handler(event, context);
  return new Promise((resolve, reject) => {
    handler(event, context, (error, value) => (error ? reject(error) : resolve(value)));
  });
}

async function serve(handler, { headers, body }) {
  const id = headers['lambda-runtime-aws-request-id'];
  if (!scope) {
    current = id;
    process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
  }
  let outcome;
  try {
    const value = await run(handler, JSON.parse(body.toString('utf8') || 'null'), headers);
    outcome = ['response', JSON.stringify(value) ?? 'null', {}];
  } catch (error) {
    const description = describe(error);
    if (json) log('ERROR', [error instanceof Error ? error : format(error)]);
    else log('ERROR', ['Invoke Error ', JSON.stringify(description)]);
    outcome = ['error', JSON.stringify(description), { 'Lambda-Runtime-Function-Error-Type': description.errorType }];
  }
  await mark(id);
  const [kind, text, extra] = outcome;
  await call('POST', `invocation/${id}/${kind}`, text, { 'content-type': 'application/json', ...extra });
}

async function poll(handler) {
  for (;;) {
    const invocation = await call('GET', 'invocation/next');
    const id = invocation.headers['lambda-runtime-aws-request-id'];
    if (scope) await scope.run(id, () => serve(handler, invocation));
    else await serve(handler, invocation);
  }
}

async function load(file) {
  try {
    const module = await import(pathToFileURL(file).href);
    const handler = module.handler ?? module.default?.handler;
    if (typeof handler !== 'function')
      throw Object.assign(new Error(`${file} exports no function named handler`), { name: 'Runtime.HandlerNotFound' });
    return handler;
  } catch (error) {
    const description = describe(error);
    log('ERROR', ['Uncaught Exception ', JSON.stringify(description)]);
    await call('POST', 'init/error', JSON.stringify(description), {
      'Lambda-Runtime-Function-Error-Type': description.errorType,
    });
    return process.exit(129);
  }
}

const handler = await load(process.argv[2]);
// the platform is gone, or this process was let go: nothing is left to do
const gone = () => process.exit(1);
for (let index = 0; index < concurrency; index += 1) poll(handler).catch(gone);
