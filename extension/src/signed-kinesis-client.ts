import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { CredentialSource } from './credentials';
import { freezeAwareTimeout } from './freeze-aware-timeout';
import {
  type KinesisClient,
  KinesisError,
  type PutRecordsEntry,
  type RecordOutcome,
  refusesCredentials,
} from './kinesis-client';
import type { StreamReference } from './kinesis-endpoint';
import { putRecordsBody, putRecordsError, putRecordsOutcomes } from './put-records-request';
import { RequestMemory } from './request-memory';
import { signatureHeaders } from './sigv4';

export interface SignedKinesisClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly stream: StreamReference;
  readonly credentials: CredentialSource;
  readonly maxConnections: number;
  readonly now?: () => number;
}

/** PutRecords over `node:https` with keep-alive, signed here: no SDK to load (design rule 4). */
export class SignedKinesisClient implements KinesisClient {
  private readonly url: URL;
  private readonly request: typeof httpRequest;
  private readonly agent: HttpAgent;
  private readonly now: () => number;
  private readonly underWay = new Set<(withinMs: number) => void>();
  private readonly memory = new RequestMemory();
  private refused = false;
  private clockOffsetMs = 0;

  public constructor(private readonly options: SignedKinesisClientOptions) {
    this.url = new URL(options.endpoint);
    const isPlain = this.url.protocol === 'http:';
    this.request = isPlain ? httpRequest : httpsRequest;
    const agentOptions = { keepAlive: true, maxSockets: options.maxConnections };
    this.agent = isPlain ? new HttpAgent(agentOptions) : new HttpsAgent(agentOptions);
    this.now = options.now ?? Date.now;
  }

  public async putRecords(entries: readonly PutRecordsEntry[], timeoutMs: number): Promise<RecordOutcome[]> {
    const credentials = await this.options.credentials.get(this.refused);
    const body = putRecordsBody(this.options.stream, entries, (bytes) => this.memory.take(bytes));
    const headers: Record<string, string> = {
      host: this.url.host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Kinesis_20131202.PutRecords',
    };
    const { region } = this.options;
    const path = this.url.pathname || '/';
    const signed = signatureHeaders({
      method: 'POST',
      path,
      headers,
      body,
      region,
      service: 'kinesis',
      credentials,
      now: new Date(this.now() + this.clockOffsetMs),
    });
    Object.assign(headers, signed, { 'content-length': String(body.length) });
    const answer = await this.post(path, headers, body, timeoutMs);
    if (answer.status === 200) {
      this.refused = false;
      return putRecordsOutcomes(answer.body, entries.length);
    }
    const error = putRecordsError(answer.status, answer.errorType, answer.body);
    this.learnFrom(error, answer.date);
    throw error;
  }

  public hasten(ms: number): void {
    for (const expire of this.underWay) expire(ms);
  }

  /** Credentials are fetched anew after a refusal; a clock that is off is corrected by the server's. */
  private learnFrom(error: KinesisError, serverDate: string | undefined): void {
    this.refused = refusesCredentials(error.code);
    const serverTime = Date.parse(serverDate ?? '');
    if (error.code !== 'InvalidSignatureException' && error.code !== 'RequestTimeTooSkewed') return;
    if (Math.abs(serverTime - this.now()) > 60_000) this.clockOffsetMs = serverTime - this.now();
  }

  private post(path: string, headers: Record<string, string>, body: Buffer, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = this.request({
        agent: this.agent,
        method: 'POST',
        hostname: this.url.hostname.replace(/^\[|\]$/g, ''),
        port: this.url.port || undefined,
        path,
        headers: Object.entries(headers).flat(), // a list is written as it is; an object is set name by name, and copied
      });
      let timedOut = false;
      const onTimeout = () => {
        timedOut = true;
        outgoing.destroy(new Error('time-out'));
      };
      const timeout = freezeAwareTimeout(timeoutMs, onTimeout);
      const expire = (withinMs: number) => timeout.shorten(withinMs);
      this.underWay.add(expire);
      const settled = () => {
        timeout.cancel();
        this.underWay.delete(expire);
      };
      const fail = (error: Error & { code?: string }) => {
        settled();
        if (timedOut) return reject(new KinesisError('Timeout', 'no answer in time'));
        // Nothing of a request that died on a kept-alive socket need have arrived: normal after a freeze.
        const code = outgoing.reusedSocket ? 'ConnectionLost' : 'ConnectionFailed';
        reject(new KinesisError(code, error.code ?? error.message));
      };
      outgoing.on('error', fail);
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', fail);
        response.on('end', () => {
          settled();
          // An answer may come before all of the request has been written; its memory is still read then.
          if (outgoing.writableFinished) this.memory.giveBack(body);
          resolve({
            status: response.statusCode ?? 0,
            errorType: response.headers['x-amzn-errortype'] as string | undefined,
            date: response.headers.date,
            body: Buffer.concat(chunks),
          });
        });
      });
      outgoing.end(body);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly errorType: string | undefined;
  readonly date: string | undefined;
  readonly body: Buffer;
}
