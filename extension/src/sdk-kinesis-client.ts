/**
 * The bundle's third file: PutRecords through the AWS SDK, for those who want its endpoint rules, signer and future
 * changes rather than ours. Loaded only when KINESIS_TELEMETRY_CLIENT is `sdk`.
 */
import * as aws from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CredentialSource, Credentials } from './credentials';
import { freezeAwareTimeout } from './freeze-aware-timeout';
import {
  type KinesisClient,
  KinesisError,
  type PutRecordsEntry,
  type RecordOutcome,
  refusesCredentials,
} from './kinesis-client';
import type { EndpointOptions } from './kinesis-endpoint';
import { recordOutcomes } from './put-records-request';
import { ReuseAwareAgents } from './reuse-aware-agents';
import { sdkError } from './sdk-error';

export interface SdkKinesisClientOptions extends EndpointOptions {
  readonly credentials: CredentialSource;
  readonly maxConnections: number;
}

const CONNECTION_TIMEOUT_MS = 3_000;
/**
 * The SDK's own limit fires right after a thaw, before the socket that holds the answer is read; it also ends with
 * the answer's head. So each call is bounded here by an abort signal, and this limit only backs that up.
 */
const BACKSTOP_TIMEOUT_MS = 60_000;
/** The SDK warns through console by default, which is the function's log. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

export class SdkKinesisClient implements KinesisClient {
  private readonly client: aws.KinesisClient;
  private readonly agents: ReuseAwareAgents;
  private readonly underWay = new Set<(withinMs: number) => void>();
  /** The SDK asks several times during a call, and must get the same answer. */
  private current: Credentials | undefined;
  private refused = false;

  public constructor(private readonly options: SdkKinesisClientOptions) {
    const { region, endpoint, useFips, useDualStack } = options;
    // On Node.js 20 the SDK would announce the end of its support in the function's log, at every cold start.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    this.agents = new ReuseAwareAgents(options.maxConnections);
    this.client = new aws.KinesisClient({
      region,
      // The SDK refuses FIPS and dual-stack beside an endpoint of one's own, which wins in `signed` as well.
      ...(endpoint === undefined ? { useFipsEndpoint: useFips, useDualstackEndpoint: useDualStack } : { endpoint }),
      // What has no expiry the SDK would keep for good, though Lambda may give others: so these are stale at once.
      credentials: async () => ({ ...(this.current as Credentials), expiration: new Date(0) }),
      // HTTP/1.1: the SDK's default for Kinesis is a new HTTP/2 connection for each call.
      requestHandler: new NodeHttpHandler({
        httpAgent: this.agents.http,
        httpsAgent: this.agents.https,
        connectionTimeout: CONNECTION_TIMEOUT_MS,
        requestTimeout: BACKSTOP_TIMEOUT_MS,
        throwOnRequestTimeout: true,
        logger: SILENT,
      }),
      // Whoever calls retries, record by record and within a deadline.
      maxAttempts: 1,
      // Each of these would otherwise be looked for in the environment and in files of the home folder.
      retryMode: 'standard',
      defaultsMode: 'standard',
      accountIdEndpointMode: 'preferred',
      authSchemePreference: [],
      userAgentAppId: undefined,
      logger: SILENT,
    });
  }

  public async putRecords(entries: readonly PutRecordsEntry[], timeoutMs: number): Promise<RecordOutcome[]> {
    this.current = await this.options.credentials.get(this.refused);
    const aborter = new AbortController();
    const timeout = freezeAwareTimeout(timeoutMs, () => aborter.abort());
    this.underWay.add(timeout.shorten);
    try {
      const input = {
        ...this.options.stream,
        Records: entries.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
      };
      const answer = await this.client.send(new aws.PutRecordsCommand(input), { abortSignal: aborter.signal });
      this.refused = false;
      return recordOutcomes(answer.Records, entries.length);
    } catch (error) {
      if (aborter.signal.aborted) throw new KinesisError('Timeout', 'no answer in time');
      const failure = sdkError(error, this.agents);
      this.refused = refusesCredentials(failure.code);
      throw failure;
    } finally {
      timeout.cancel();
      this.underWay.delete(timeout.shorten);
    }
  }

  public hasten(ms: number): void {
    for (const shorten of this.underWay) shorten(ms);
  }
}
