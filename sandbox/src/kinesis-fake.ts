import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour, BehaviourOf, RecordedCall } from './kinesis-fake-behaviour';
import { KinesisServiceError } from './kinesis-fake-error';
import { checkCall, parseRecords } from './kinesis-fake-limits';
import { decodeLines } from './kinesis-fake-lines';
import { findStream, OPERATIONS, type StreamDirectory } from './kinesis-fake-operations';
import { putRecords } from './kinesis-fake-put-records';
import { FakeStream, type StoredRecord, type StreamDefinition } from './kinesis-fake-shards';
import { type FakeCredentials, verifySignature } from './kinesis-fake-signature';
import { SANDBOX_CREDENTIALS } from './settings';

export interface KinesisFakeOptions {
  /** @default one stream named `telemetry` with one shard */
  readonly streams?: readonly StreamDefinition[];
  /** @default SANDBOX_CREDENTIALS */
  readonly credentials?: FakeCredentials | readonly FakeCredentials[];
  /** Verify SigV4 signatures. @default true */
  readonly verifySignatures?: boolean;
  /** Time each call takes. @default 0 */
  readonly latencyMs?: number;
  /** @default us-east-1 */
  readonly region?: string;
  /** @default 123456789012 */
  readonly accountId?: string;
  /** 1,000 records and 1 MiB a second and shard. @default false */
  readonly enforceShardLimits?: boolean;
  /** The clock of the shard limits, in ms. @default performance.now */
  readonly nowMs?: () => number;
  /** Say `"ErrorCode": null` for records that were taken, as some emulators do. @default false */
  readonly nullErrorCodes?: boolean;
}

const SERVICE = 'Kinesis_20131202.';
const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** Kinesis Data Streams over HTTP/1.1 on loopback: as strict as the service, and as unreliable as a test wants it. */
export class KinesisFake implements StreamDirectory {
  public static async start(options: KinesisFakeOptions = {}): Promise<KinesisFake> {
    const fake = new KinesisFake(options);
    await new Promise<void>((resolve, reject) => {
      fake.server.once('error', reject);
      fake.server.listen(0, '127.0.0.1', resolve);
    });
    return fake;
  }

  public readonly streams = new Map<string, FakeStream>();
  public readonly calls: RecordedCall[] = [];
  /** Connections that were opened so far. */
  public connections = 0;
  private readonly server: Server;
  private readonly region: string;
  private readonly accountId: string;
  private readonly counts = new Map<string, number>();
  private credentials: readonly FakeCredentials[];
  private behaviour: BehaviourOf = () => undefined;

  private constructor(private readonly options: KinesisFakeOptions) {
    this.region = options.region ?? 'us-east-1';
    this.accountId = options.accountId ?? '123456789012';
    const given = options.credentials ?? SANDBOX_CREDENTIALS;
    this.credentials = Array.isArray(given) ? given : [given as FakeCredentials];
    for (const stream of options.streams ?? [{ name: 'telemetry' }]) this.create(stream);
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.on('connection', () => {
      this.connections += 1;
    });
    this.server.keepAliveTimeout = 0;
    this.server.requestTimeout = 0;
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public createStream(definition: StreamDefinition): FakeStream {
    return this.create(definition);
  }

  public create(definition: StreamDefinition, mode?: 'PROVISIONED' | 'ON_DEMAND'): FakeStream {
    const arn = `arn:aws:kinesis:${this.region}:${this.accountId}:stream/${definition.name}`;
    const stream = new FakeStream(definition, arn, mode, this.options.nowMs);
    this.streams.set(definition.name, stream);
    return stream;
  }

  /** Stored records in order of arrival; of all streams when none is named. */
  public records(stream?: string): StoredRecord[] {
    const chosen = [...this.streams.values()].filter(({ name }) => stream === undefined || name === stream);
    return chosen.flatMap(({ records }) => records);
  }

  /** The JSON objects of all stored records. */
  public lines(stream?: string): Record<string, unknown>[] {
    return this.records(stream).flatMap(({ data }) => decodeLines(data));
  }

  /** Decides how each call from here on is answered. */
  public behave(behaviour: BehaviourOf): void {
    this.behaviour = behaviour;
  }

  /** Replaces the credentials that are accepted, e.g. to expire some. */
  public acceptCredentials(credentials: readonly FakeCredentials[]): void {
    this.credentials = credentials;
  }

  public async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the client hung up
    }
    const headers = request.headers as Record<string, string>;
    const target = headers['x-amz-target'] ?? '';
    const operation = target.startsWith(SERVICE) ? target.slice(SERVICE.length) : target;
    const call: RecordedCall = { at, operation, headers, authorization: headers.authorization, failed: 0, ...NOTHING };
    this.calls.push(call);
    const body = Buffer.concat(chunks);
    let answer: { status: number; body: string } | 'hang' | 'reset';
    try {
      answer = await this.answer(call as Writable<RecordedCall>, request, body);
    } catch (error) {
      const failure =
        error instanceof KinesisServiceError ? error : new KinesisServiceError('InternalFailure', String(error), 500);
      call.errorType = failure.type;
      answer = { status: failure.status, body: JSON.stringify({ __type: failure.type, message: failure.message }) };
    }
    if (answer === 'hang') return;
    call.answeredAt = Date.now();
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    call.status = answer.status;
    response.writeHead(answer.status, { 'content-type': CONTENT_TYPE, 'x-amzn-requestid': randomUUID() });
    response.end(answer.body);
  }

  private async answer(
    call: Writable<RecordedCall>,
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ status: number; body: string } | 'hang' | 'reset'> {
    const { operation, headers } = call;
    const contentType = (headers['content-type'] ?? '').split(';')[0]?.trim();
    if (contentType !== CONTENT_TYPE || operation === '')
      throw new KinesisServiceError('UnknownOperationException', '');
    if (this.options.verifySignatures ?? true) {
      const signed = { method: request.method ?? '', path: request.url ?? '/', headers, body };
      await verifySignature(signed, this.credentials, this.region);
    }
    const input = parse(body);
    call.streamId = String(input.StreamARN ?? input.StreamName ?? '');
    const puts = operation === 'PutRecords' ? parseRecords(input.Records) : [];
    call.records = puts.length;
    call.bytes = puts.reduce((sum, record) => sum + record.bytes, 0);
    const index = this.counts.get(operation) ?? 0;
    this.counts.set(operation, index + 1);
    const behaviour = this.behaviour({ index, operation, records: puts.length, streamId: call.streamId }) ?? {};
    const early = await this.misbehave(behaviour);
    if (early) return early;
    if (operation !== 'PutRecords') {
      const run = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
      if (!run) throw new KinesisServiceError('UnknownOperationException', '');
      return { status: 200, body: JSON.stringify(run(this, input)) };
    }
    const stream = findStream(this, input);
    checkCall(puts, stream.maxRecordBytes);
    const result = putRecords(stream, puts, behaviour, this.options);
    call.failed = result.FailedRecordCount;
    if (behaviour.acceptThenReset) return 'reset';
    return { status: 200, body: behaviour.notJson ? '<html>no JSON</html>' : JSON.stringify(result) };
  }

  private async misbehave(behaviour: Behaviour): Promise<'hang' | 'reset' | undefined> {
    const delayMs = (this.options.latencyMs ?? 0) + (behaviour.delayMs ?? 0);
    if (delayMs > 0) await sleep(delayMs);
    if (behaviour.hang) return 'hang';
    if (behaviour.reset) return 'reset';
    if (behaviour.status !== undefined || behaviour.errorType !== undefined) {
      const status = behaviour.status ?? 400;
      const type =
        behaviour.errorType ?? (status >= 500 ? 'InternalFailure' : 'ProvisionedThroughputExceededException');
      throw new KinesisServiceError(type, behaviour.message ?? 'injected', status);
    }
    return undefined;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NOTHING = { streamId: '', records: 0, bytes: 0 };

function parse(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new KinesisServiceError('SerializationException', 'the body is no JSON');
  }
}
