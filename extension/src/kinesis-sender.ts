/**
 * The second file of the bundle: everything that only sending needs. Loaded after the first /next has been asked for,
 * so that its modules (`node:https`, `node:crypto`) cost no cold start.
 */
import { BatchDelivery } from './batch-delivery';
import { DEFAULT_BATCH_LIMITS } from './batcher';
import type { CircuitBreaker } from './circuit-breaker';
import type { Clock } from './clock';
import { environmentCredentials } from './credentials';
import type { KinesisClient } from './kinesis-client';
import { kinesisEndpoint, streamReference } from './kinesis-endpoint';
import type { Ledger } from './ledger';
import type { Logger } from './logger';
import { partitionKey } from './partition-key';
import type { RecordBuffer } from './record-buffer';
import type { compressRecords } from './record-compressor';
import { RetryBudget } from './retry-budget';
import { Sender } from './sender';
import type { Settings } from './settings';
import { SignedKinesisClient } from './signed-kinesis-client';
import { youngGenerationHold } from './young-generation';

export interface KinesisSenderOptions {
  readonly settings: Settings;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly instanceId: string;
  readonly buffer: RecordBuffer;
  readonly ledger: Ledger;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly log: Logger;
  /** Loads the file for gzip and `node:zlib`; called only where records are gzipped. */
  readonly loadCompressorModule: () => { readonly compressRecords: typeof compressRecords };
}

const MAX_CONNECTIONS = 8;
/** One PUT payload unit of Kinesis's prices. */
const COMPRESSED_BYTES = 25_000;

/** The SDK is a file of its own: those who do not choose it do not load it. */
function loadSdkModule() {
  return require('./sdk-kinesis-client.js') as typeof import('./sdk-kinesis-client');
}

export function createKinesisSender(options: KinesisSenderOptions): Sender {
  const { settings, environment, instanceId, buffer, ledger, breaker, clock, log } = options;
  const stream = streamReference(settings.stream as string);
  const region = settings.region || 'us-east-1';
  const { useFipsEndpoint: useFips, useDualStackEndpoint: useDualStack, endpoint } = settings;
  const address = { region, stream, useFips, useDualStack, endpoint };
  const access = { credentials: environmentCredentials(environment, clock.now), maxConnections: MAX_CONNECTIONS };
  const client: KinesisClient =
    settings.client === 'sdk'
      ? new (loadSdkModule().SdkKinesisClient)({ ...address, ...access })
      : new SignedKinesisClient({ ...address, ...access, endpoint: kinesisEndpoint(address) });
  const random = Math.random;
  const holdYoungGeneration = youngGenerationHold();
  const compressor = settings.recordFormat === 'ndjson-gzip' ? options.loadCompressorModule() : undefined;
  const delivery = new BatchDelivery({
    client,
    buffer,
    ledger,
    breaker,
    budget: new RetryBudget(),
    clock,
    random,
    log,
    keyOf: (record) => partitionKey(settings.partitionKey, record, instanceId, random),
  });
  return new Sender({
    delivery,
    client,
    buffer,
    breaker,
    clock,
    log,
    limits: DEFAULT_BATCH_LIMITS,
    prepare: (records) => {
      holdYoungGeneration();
      return compressor === undefined ? records : compressor.compressRecords(records, COMPRESSED_BYTES);
    },
  });
}
