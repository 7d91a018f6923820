import { systemClock } from './clock';
import { ExtensionsApi, RegistrationRefused } from './extensions-api';
import { Lifecycle } from './lifecycle';
import { localHttp } from './local-http';
import { describe, Logger } from './logger';
import { parseSettings, type Settings } from './settings';
import { createTelemetry, type RunningTelemetry } from './telemetry';
import { subscribe } from './telemetry-api';
import { TelemetryListener } from './telemetry-listener';

/** The file name in /opt/extensions, which Lambda demands at registration. */
const EXTENSION_NAME = 'kinesis-telemetry-extension';

/** The only place that builds real dependencies, and the order of the start: register before all else. */
async function main(): Promise<void> {
  const environment = process.env;
  const http = localHttp(environment.AWS_LAMBDA_RUNTIME_API ?? '127.0.0.1:9001');
  const api = new ExtensionsApi(http, EXTENSION_NAME, systemClock);
  const isManaged = environment.AWS_LAMBDA_INITIALIZATION_TYPE === 'lambda-managed-instances';
  const registered = api.register(isManaged ? ['SHUTDOWN'] : ['INVOKE', 'SHUTDOWN']);
  registered.catch(() => {}); // awaited below, after what can be done meanwhile

  const { settings, warnings } = parseSettings(environment);
  const log = new Logger(settings.logLevel);
  // Whatever nobody foresaw must not end the process: its end fails the function (Extension.Crash).
  process.on('uncaughtException', (error) => log.error('uncaught', `unexpected: ${describe(error)}`));
  process.on('unhandledRejection', (error) => log.error('unhandled', `unexpected: ${describe(error)}`));

  let telemetry: RunningTelemetry | undefined;
  // After a reset Lambda may post to the port of the process before as soon as it is bound again.
  const early: Buffer[] = [];
  let accept = (body: Buffer): (() => void) => {
    early.push(Buffer.from(body));
    return nothing;
  };
  // What sends is loaded once there is something to send, after the first /next and before an invocation's end: its
  // modules cost time, and OpenSSL alone 2 MiB that an environment which is only kept ready need not hold.
  let isPreparing = false;
  const prepareToSend = (): void => {
    if (telemetry === undefined || isPreparing) return;
    isPreparing = true;
    setImmediate(telemetry.loadSender);
  };
  const listener = new TelemetryListener({
    onBody: (body) => {
      const onUnanswered = accept(body);
      prepareToSend();
      return onUnanswered;
    },
    answerDelayMs: () => telemetry?.answerDelayMs() ?? 0,
    maxBodyBytes: Math.max(MAX_BODY_BYTES, 2 * settings.bufferMaxBytes),
    onRefused: () => telemetry?.refuseBody(),
  });
  const listening = settings.stream === undefined ? undefined : listener.listen();
  listening?.catch(() => {}); // awaited below

  const registration = await registered;
  for (const warning of warnings) log.warn(warning, warning);
  try {
    if (listening === undefined) throw new Error('KINESIS_TELEMETRY_STREAM is missing or cannot be used');
    const started = createTelemetry({
      settings,
      environment,
      registration,
      clock: systemClock,
      log,
      quietMs: () => listener.quietMs(systemClock.now()),
      stopListening: () => listener.stop(),
      loadSenderModule: () => require('./kinesis-sender.js') as typeof import('./kinesis-sender'),
      loadCompressorModule: () => require('./record-compressor.js') as typeof import('./record-compressor'),
      loadSelfMetricsModule: () => require('./self-metrics.js') as typeof import('./self-metrics'),
    });
    accept = started.accept;
    for (const body of early.splice(0)) accept(body);
    const subscription = { ...settings, types: subscribedTypes(settings), port: await listening };
    if (await subscribe(http, registration.identifier, subscription, log)) {
      telemetry = started;
      log.info(`${subscription.types.join(', ')} telemetry goes to ${settings.stream}, flush ${settings.flush.name}`);
    }
  } catch (error) {
    log.error('start', `telemetry is off: ${describe(error)}`);
  }
  if (telemetry === undefined) accept = () => nothing;
  else if (telemetry.bodies() > 0) prepareToSend();
  // Lambda ends an extension through /next; a container that is stopped sends this signal.
  process.once('SIGTERM', () => void Promise.resolve(telemetry?.shutDown({ eventType: 'SHUTDOWN' })).finally(exit));
  const prepared = () => {
    prepareToSend(); // an event has come: the first invocation, if nothing was posted before
    return telemetry;
  };
  await new Lifecycle({ api, clock: systemClock, log, settings, telemetry: prepared }).run();
  exit();
}

function nothing(): void {}

function exit(): void {
  process.exit(0);
}

/** Lambda's own bound is twice its buffer, 2 MiB at most; more is refused, and counted. */
const MAX_BODY_BYTES = 8_388_608;

/** Platform events are always needed: they tell when an invocation ends and what Lambda dropped. */
function subscribedTypes(settings: Settings): string[] {
  return ['platform', ...settings.types.filter((type) => type !== 'platform')];
}

main().catch((error: unknown) => {
  process.stdout.write(`[kinesis-telemetry-extension] error: ${describe(error)}\n`);
  // Not registered, so /next cannot be polled. Where Lambda still waits for us, failing fast is the kinder way;
  // where registration is closed, the function runs without us and must not see us end.
  if (error instanceof RegistrationRefused && error.closed) setInterval(() => {}, 2 ** 30);
  else process.exit(1);
});
