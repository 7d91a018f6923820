import { randomUUID } from 'node:crypto';
import { type ApiAnswer, errorReply, jsonReply } from './http-endpoint';

export type ExtensionState = 'started' | 'registered' | 'ready' | 'running' | 'failed' | 'shutdown';

/** What GET /event/next answers. */
export type ExtensionEvent =
  | {
      readonly eventType: 'INVOKE';
      /** Epoch ms. */
      readonly deadlineMs: number;
      readonly requestId: string;
      readonly invokedFunctionArn: string;
      readonly tracing?: { readonly type: string; readonly value: string };
    }
  | { readonly eventType: 'SHUTDOWN'; readonly shutdownReason: string; readonly deadlineMs: number };

/** One extension as the Extensions API sees it: its identifier, what it registered for, and where it stands. */
export class ExtensionRegistration {
  public readonly identifier = randomUUID();
  public state: ExtensionState = 'started';
  public events: readonly string[] = [];
  /** performance.now() of milestones, for the init figures. */
  public registeredAt: number | undefined;
  public firstNextAt: number | undefined;
  public lastNextAt: number | undefined;
  /** What it reported by /init/error or /exit/error. */
  public error: { readonly errorType: string; readonly errorMessage: string } | undefined;

  private undelivered: ExtensionEvent[] = [];
  private poll: { readonly answer: (reply: ApiAnswer) => void; readonly isOpen: () => boolean } | undefined;
  private readonly waiting = new Set<() => void>();

  public constructor(
    public readonly name: string,
    /** Internal extensions live in the runtime process and have no file in extensions/. */
    public readonly internal: boolean,
  ) {}

  public listensTo(event: 'INVOKE' | 'SHUTDOWN'): boolean {
    return this.events.includes(event);
  }

  public register(events: readonly string[]): void {
    this.events = events;
    this.state = 'registered';
    this.registeredAt = performance.now();
    this.announce();
  }

  public fail(errorType: string, errorMessage: string): void {
    this.error ??= { errorType, errorMessage };
    this.state = 'failed';
    this.announce();
  }

  /** GET /event/next: the end of this extension's part, and the wait for the next event. */
  public next(hungUp: AbortSignal): Promise<ApiAnswer> {
    if (this.state === 'started' || this.state === 'failed' || this.poll?.isOpen()) {
      return Promise.resolve(
        errorReply(403, 'Extension.InvalidExtensionState', `/event/next is not allowed in state ${this.state}`),
      );
    }
    return new Promise((resolve) => {
      const poll = { answer: resolve, isOpen: () => !hungUp.aborted };
      this.poll = poll;
      hungUp.addEventListener('abort', () => {
        if (this.poll === poll) this.poll = undefined;
        resolve('reset');
      });
      const event = this.undelivered.shift();
      if (event) {
        this.answer(event);
        return;
      }
      this.lastNextAt = performance.now();
      this.firstNextAt ??= this.lastNextAt;
      if (this.state !== 'shutdown') this.state = 'ready';
      this.announce();
    });
  }

  /** Hands an event to the waiting poll, or keeps it for the next one. */
  public deliver(event: ExtensionEvent): void {
    if (this.poll) this.answer(event);
    else this.undelivered.push(event);
  }

  public get isReady(): boolean {
    return this.state === 'ready' && this.undelivered.length === 0;
  }

  /** Resolves when it has called /next and owes nothing. */
  public async ready(): Promise<void> {
    while (!this.isReady) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  public async registered(): Promise<void> {
    while (this.state === 'started') await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  public async failed(): Promise<void> {
    while (!this.error) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private answer(event: ExtensionEvent): void {
    const poll = this.poll;
    this.poll = undefined;
    this.state = event.eventType === 'SHUTDOWN' ? 'shutdown' : 'running';
    poll?.answer(jsonReply(200, event, { 'Lambda-Extension-Event-Identifier': randomUUID() }));
  }

  private announce(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
