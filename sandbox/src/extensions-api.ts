import { ExtensionRegistration } from './extension-registration';
import type { ExtensionsApiFaults } from './faults';
import { type ApiAnswer, type ApiReply, type ApiRequest, errorReply, jsonReply } from './http-endpoint';

/** Lambda's limit on internal and external extensions together. */
export const MAX_EXTENSIONS = 10;

export interface FunctionIdentity {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly handler: string;
  readonly accountId: string;
  readonly managedInstances: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EVENTS = ['INVOKE', 'SHUTDOWN'];

/** `/2020-01-01/extension/...`: registration, the event loop, and the two ways to report a failure. */
export class ExtensionsApi {
  public readonly registrations = new Map<string, ExtensionRegistration>();
  private open = true;
  private readonly registerStatuses: number[];
  private readonly nextFailures: (number | 'reset')[];

  public constructor(
    private readonly identity: FunctionIdentity,
    private readonly faults: ExtensionsApiFaults,
  ) {
    this.registerStatuses = [...(faults.registerStatus ?? [])];
    this.nextFailures = [...(faults.nextFailures ?? [])];
  }

  /** A new generation of processes: every file of extensions/ has to register again. */
  public expect(names: readonly string[]): void {
    this.registrations.clear();
    for (const name of names) this.registrations.set(name, new ExtensionRegistration(name, false));
    this.open = true;
  }

  public closeRegistration(): void {
    this.open = false;
  }

  public get all(): readonly ExtensionRegistration[] {
    return [...this.registrations.values()];
  }

  public byIdentifier(headers: ApiRequest['headers']): ExtensionRegistration | ApiReply {
    const identifier = headers['lambda-extension-identifier'];
    if (!identifier) return refused('MissingExtensionIdentifier', 'Missing Lambda-Extension-Identifier header');
    if (!UUID.test(identifier)) return refused('InvalidExtensionIdentifier', 'Invalid Lambda-Extension-Identifier');
    const registration = this.all.find((candidate) => candidate.identifier === identifier);
    return registration ?? refused('UnknownExtensionIdentifier', `Unknown extension ${identifier}`);
  }

  public async handle(request: ApiRequest): Promise<ApiAnswer> {
    const call = request.path.slice('/2020-01-01/extension/'.length);
    if (request.method === 'POST' && call === 'register') return this.register(request);
    const registration = this.byIdentifier(request.headers);
    if (!(registration instanceof ExtensionRegistration)) return registration;
    if (request.method === 'GET' && call === 'event/next') {
      const failure = this.nextFailures.shift();
      if (failure === 'reset') return 'reset';
      if (failure)
        return errorReply(failure, failure === 403 ? 'Extension.InvalidExtensionState' : 'Sandbox.Failure', 'injected');
      return registration.next(request.hungUp);
    }
    if (request.method === 'POST' && call === 'init/error') return reportError(registration, request, ['registered']);
    if (request.method === 'POST' && call === 'exit/error') {
      return reportError(registration, request, ['registered', 'ready', 'running', 'shutdown']);
    }
    return errorReply(404, 'NotFound', `no call ${request.method} ${request.path}`);
  }

  private register(request: ApiRequest): ApiReply {
    const fault = this.registerStatuses.shift();
    if (fault) return errorReply(fault, fault === 403 ? 'Extension.RegistrationClosed' : 'Sandbox.Failure', 'injected');
    const name = request.headers['lambda-extension-name'];
    if (!name) return refused('InvalidExtensionName', 'Missing or empty Lambda-Extension-Name header');
    const events = parseEvents(request.body);
    if (!events)
      return errorReply(403, 'InvalidRequestFormat', 'the body must be {"events": [...]} without configurationKeys');
    const unknown = events.find((event) => !EVENTS.includes(event));
    if (unknown) return refused('InvalidEventType', `${unknown}: invalid event type`);
    if (events.includes('INVOKE') && (this.identity.managedInstances || this.faults.refuseInvoke)) {
      return refused('InvalidEventType', 'INVOKE: invalid event type');
    }
    if (!this.open) return refused('RegistrationClosed', 'Extension registration is closed');
    const expected = this.registrations.get(name);
    if (!expected && events.includes('SHUTDOWN')) {
      // a name that is no file in extensions/ counts as an internal extension
      return refused('InvalidEventType', `SHUTDOWN: not allowed for the internal extension ${name}`);
    }
    if (!expected && this.registrations.size >= MAX_EXTENSIONS) {
      return refused('TooManyExtensions', `more than ${MAX_EXTENSIONS} extensions`);
    }
    if (expected && expected.state !== 'started') {
      return refused('InvalidExtensionState', `${name} is already ${expected.state}`);
    }
    const registration = expected ?? new ExtensionRegistration(name, true);
    this.registrations.set(name, registration);
    registration.register(events);
    const features = (request.headers['lambda-extension-accept-feature'] ?? '')
      .split(',')
      .map((feature) => feature.trim());
    const { functionName, functionVersion, handler, accountId } = this.identity;
    return jsonReply(
      200,
      { functionName, functionVersion, handler, ...(features.includes('accountId') ? { accountId } : {}) },
      { 'Lambda-Extension-Identifier': registration.identifier },
    );
  }
}

function refused(kind: string, message: string): ApiReply {
  return errorReply(403, `Extension.${kind}`, message);
}

function parseEvents(body: Buffer): string[] | undefined {
  try {
    const parsed = JSON.parse(body.toString('utf8')) as { events?: unknown; configurationKeys?: unknown[] };
    if (parsed.configurationKeys?.length) return undefined;
    return Array.isArray(parsed.events) ? parsed.events.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function reportError(registration: ExtensionRegistration, request: ApiRequest, allowed: readonly string[]): ApiReply {
  const errorType = request.headers['lambda-extension-function-error-type'];
  if (!errorType) return refused('MissingHeader', 'Missing Lambda-Extension-Function-Error-Type header');
  const repeated = registration.state === 'failed';
  if (!repeated && !allowed.includes(registration.state)) {
    return refused('InvalidExtensionState', `${request.path} is not allowed in state ${registration.state}`);
  }
  const kind = request.path.endsWith('init/error') ? 'Extension.InitError' : 'Extension.ExitError';
  registration.fail(kind, `${registration.name} reported ${errorType}`);
  return jsonReply(202, { status: 'OK' });
}
