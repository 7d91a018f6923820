import { type ApiAnswer, type ApiReply, type ApiRequest, errorReply, jsonReply } from './http-endpoint';

export interface InvocationRequest {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string;
}

export interface InvocationResult {
  readonly body: Buffer;
  readonly error: { readonly errorType: string; readonly errorMessage: string } | undefined;
  /** performance.now() of the runtime's answer. */
  readonly at: number;
}

/** What is known of an invocation that was handed to the runtime. */
export interface RunningInvocation {
  /** Resolves when the runtime posted a response or an error. */
  readonly responded: Promise<InvocationResult>;
  /** Resolves with performance.now() of the runtime's next poll. */
  readonly done: Promise<number>;
}

interface Open {
  readonly request: InvocationRequest;
  readonly respond: (result: InvocationResult) => void;
  readonly finish: (at: number) => void;
  responded: boolean;
}

/** `/2018-06-01/runtime/...`: hands invocations to the runtime process and takes its answers. */
export class RuntimeApi {
  /** Resolves at the runtime's first poll: function init is over. */
  public ready: Promise<void> = Promise.resolve();
  /** Resolves when the runtime reports that it could not load the function. */
  public initError: Promise<{ errorType: string; errorMessage: string }> = new Promise(() => undefined);
  private becomeReady: () => void = () => undefined;
  private failInit: (error: { errorType: string; errorMessage: string }) => void = () => undefined;
  private polls: { answer: (reply: ApiAnswer) => void }[] = [];
  private waiting: InvocationRequest[] = [];
  private readonly open = new Map<string, Open>();

  /** A new runtime process. */
  public reset(): void {
    for (const poll of this.polls) poll.answer('reset');
    this.polls = [];
    this.waiting = [];
    this.open.clear();
    this.ready = new Promise((resolve) => {
      this.becomeReady = resolve;
    });
    this.initError = new Promise((resolve) => {
      this.failInit = resolve;
    });
  }

  public dispatch(request: InvocationRequest): RunningInvocation {
    let respond: Open['respond'] = () => undefined;
    let finish: Open['finish'] = () => undefined;
    const responded = new Promise<InvocationResult>((resolve) => {
      respond = resolve;
    });
    const done = new Promise<number>((resolve) => {
      finish = resolve;
    });
    this.open.set(request.requestId, { request, respond, finish, responded: false });
    const poll = this.polls.shift();
    if (poll) poll.answer(invocationReply(request));
    else this.waiting.push(request);
    return { responded, done };
  }

  public handle(request: ApiRequest): ApiAnswer | Promise<ApiAnswer> {
    const call = request.path.slice('/2018-06-01/runtime/'.length);
    if (request.method === 'GET' && call === 'invocation/next') return this.next(request.hungUp);
    if (request.method === 'POST' && call === 'init/error') {
      this.failInit(parseError(request));
      return jsonReply(202, { status: 'OK' });
    }
    const answer = /^invocation\/([^/]+)\/(response|error)$/.exec(call);
    if (request.method === 'POST' && answer) return this.answer(answer[1] as string, answer[2] as string, request);
    return errorReply(404, 'NotFound', `no call ${request.method} ${request.path}`);
  }

  private next(hungUp: AbortSignal): Promise<ApiAnswer> {
    const now = performance.now();
    this.becomeReady();
    for (const [requestId, open] of this.open) {
      if (!open.responded) continue;
      this.open.delete(requestId);
      open.finish(now);
    }
    return new Promise((resolve) => {
      const waiting = this.waiting.shift();
      if (waiting) return resolve(invocationReply(waiting));
      const poll = { answer: resolve };
      this.polls.push(poll);
      return hungUp.addEventListener('abort', () => {
        this.polls = this.polls.filter((other) => other !== poll);
        resolve('reset');
      });
    });
  }

  private answer(requestId: string, kind: string, request: ApiRequest): ApiReply {
    const open = this.open.get(requestId);
    if (!open || open.responded) return errorReply(400, 'InvalidRequestID', `Invalid request ID ${requestId}`);
    open.responded = true;
    const error = kind === 'error' ? parseError(request) : undefined;
    open.respond({ body: request.body, error, at: performance.now() });
    return jsonReply(202, { status: 'OK' });
  }
}

function invocationReply(request: InvocationRequest): ApiReply {
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': request.requestId,
      'Lambda-Runtime-Deadline-Ms': String(request.deadlineMs),
      'Lambda-Runtime-Invoked-Function-Arn': request.functionArn,
      'Lambda-Runtime-Trace-Id': request.traceId,
    },
    body: request.payload,
  };
}

function parseError(request: ApiRequest): { errorType: string; errorMessage: string } {
  const byHeader = request.headers['lambda-runtime-function-error-type'] ?? 'Runtime.Unknown';
  try {
    const body = JSON.parse(request.body.toString('utf8')) as { errorType?: string; errorMessage?: string };
    return { errorType: body.errorType ?? byHeader, errorMessage: body.errorMessage ?? '' };
  } catch {
    return { errorType: byHeader, errorMessage: '' };
  }
}
