import type { Exchange } from './exchanges';
import { ExtensionRegistration } from './extension-registration';
import type { ExtensionsApi } from './extensions-api';
import type { TelemetryFaults } from './faults';
import { type ApiReply, type ApiRequest, errorReply, jsonReply } from './http-endpoint';
import { TelemetryDelivery } from './telemetry-delivery';
import { type PlatformEvent, platform } from './telemetry-events';
import { parseSubscription, SCHEMA_VERSIONS, SubscriptionError } from './telemetry-subscription';

/** `/2022-07-01/telemetry`: takes subscriptions during init and passes every event on to each subscriber. */
export class TelemetryApi {
  public readonly deliveries = new Map<string, TelemetryDelivery>();
  /** performance.now() of the first accepted subscription, by extension. */
  public readonly subscribedAt = new Map<string, number>();
  private readonly schemaVersions: readonly string[];
  private readonly subscribeStatuses: number[];
  private initEvents: PlatformEvent[] | undefined = [];
  private paused = false;

  public constructor(
    private readonly extensions: ExtensionsApi,
    private readonly faults: TelemetryFaults,
    managedInstances: boolean,
    private readonly exchanges: Exchange[],
  ) {
    this.schemaVersions = faults.schemaVersions ?? (managedInstances ? ['2025-01-29'] : SCHEMA_VERSIONS);
    this.subscribeStatuses = Array.isArray(faults.subscribeStatus) ? [...faults.subscribeStatus] : [];
  }

  /** Subscriptions are taken from here on, and what happens is replayed to those who come later. */
  public openForInit(): void {
    this.initEvents = [];
  }

  public closeAfterInit(): void {
    this.initEvents = undefined;
  }

  public emit(event: PlatformEvent): void {
    if (event.type === 'platform.runtimeDone' && this.faults.omitRuntimeDone) return;
    this.initEvents?.push(event);
    for (const delivery of this.deliveries.values()) delivery.enqueue(event);
  }

  public get hasSubscribers(): boolean {
    return this.deliveries.size > 0;
  }

  public flush(): void {
    for (const delivery of this.deliveries.values()) delivery.flush();
  }

  /** Nothing is posted to a stopped process. */
  public pause(): void {
    this.paused = true;
    for (const delivery of this.deliveries.values()) delivery.pause();
  }

  public resume(): void {
    this.paused = false;
    for (const delivery of this.deliveries.values()) delivery.resume();
  }

  /** Its process has ended: nothing is posted until it subscribes again. */
  public extensionEnded(name: string): void {
    this.deliveries.get(name)?.listenerEnded();
  }

  public async close(): Promise<void> {
    await Promise.all([...this.deliveries.values()].map((delivery) => delivery.close()));
  }

  public handle(request: ApiRequest): ApiReply {
    const registration = this.extensions.byIdentifier(request.headers);
    if (!(registration instanceof ExtensionRegistration)) return registration;
    if (request.method !== 'PUT') return errorReply(404, 'NotFound', `no call ${request.method} ${request.path}`);
    const override = this.subscribeStatuses.shift() ?? this.faults.subscribeStatus;
    if (typeof override === 'number')
      return errorReply(override, override === 400 ? 'ValidationError' : 'Sandbox.Failure', 'injected');
    if (this.faults.unsupported) {
      return jsonReply(202, { errorMessage: 'Telemetry API is not supported', errorType: 'Telemetry.NotSupported' });
    }
    if (!this.initEvents) {
      return errorReply(403, 'Telemetry.SubscriptionClosed', 'Telemetry API subscription is closed after init');
    }
    try {
      this.subscribe(registration.name, request.body);
    } catch (error) {
      if (error instanceof SubscriptionError) return errorReply(400, 'ValidationError', error.message);
      throw error;
    }
    return jsonReply(200, 'OK');
  }

  private subscribe(name: string, body: Buffer): void {
    const subscription = parseSubscription(body, this.schemaVersions);
    const existing = this.deliveries.get(name);
    if (existing) existing.redirect(subscription);
    else {
      const delivery = new TelemetryDelivery(subscription, this.faults, this.exchanges);
      if (this.paused) delivery.pause();
      for (const event of this.initEvents ?? []) delivery.enqueue(event);
      this.deliveries.set(name, delivery);
      this.subscribedAt.set(name, performance.now());
    }
    const state = existing ? 'Already subscribed' : 'Subscribed';
    this.emit(platform.telemetrySubscription({ name, state, types: subscription.types }));
  }
}
