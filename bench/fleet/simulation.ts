import { partitionKey } from '../../extension/src/partition-key';
import type { RecordFormat } from '../../extension/src/settings';
import { Packing } from './packing';
import type { Volume } from './prices';
import { type ShardLoad, Shards } from './shards';
import { type Flush, fleetTraffic, seededRandom } from './traffic';

/** The strategies of the extension, and one that others have: everything of a function on one key. */
export const KEY_STRATEGIES = ['random', 'instance', 'request', 'function'] as const;
export type KeyStrategy = (typeof KEY_STRATEGIES)[number];

export interface FleetRun {
  readonly volume: Volume;
  readonly eventsPerSecond: number;
  readonly callsPerSecond: number;
  readonly recordsPerSecond: number;
  readonly loads: Readonly<Record<KeyStrategy, ShardLoad>>;
}

const KEY_BYTES = 11;
const CALL_BYTES = 1_048_576;

/** One fleet over one stream: each flush is packed by the extension's own code and goes to the shards its keys lead to. */
export function simulateFleet(environments: number, seconds: number, format: RecordFormat): FleetRun {
  const random = seededRandom(1);
  const packing = new Packing(format, seededRandom(2));
  const flushes = [...fleetTraffic(environments, seconds, random)];
  const packed = flushes.map(({ events }) => packing.recordsOf(events));
  const recordBytes = packed.flatMap((sizes) => sizes.map((bytes) => bytes + KEY_BYTES));
  const bytes = recordBytes.reduce((sum, size) => sum + size, 0);
  const events = flushes.reduce((sum, flush) => sum + flush.events, 0);
  const calls = packed.reduce((sum, sizes) => {
    return sum + Math.max(Math.ceil(sizes.length / 500), Math.ceil(sizes.reduce((a, b) => a + b, 0) / CALL_BYTES));
  }, 0);
  const shards = Shards.countFor(bytes / seconds, recordBytes.length / seconds);
  const load = (strategy: KeyStrategy) => loadOf(strategy, flushes, packed, new Shards(shards, seconds), random);
  return {
    volume: { events, recordBytes, shards, seconds },
    eventsPerSecond: events / seconds,
    callsPerSecond: calls / seconds,
    recordsPerSecond: recordBytes.length / seconds,
    loads: Object.fromEntries(KEY_STRATEGIES.map((strategy) => [strategy, load(strategy)])) as FleetRun['loads'],
  };
}

function loadOf(
  strategy: KeyStrategy,
  flushes: readonly Flush[],
  packed: readonly (readonly number[])[],
  shards: Shards,
  random: () => number,
): ShardLoad {
  flushes.forEach(({ second, environment, functionIndex }, index) => {
    const requestId = `request-${index}`;
    for (const bytes of packed[index] as readonly number[]) {
      const key =
        strategy === 'function'
          ? `function-${functionIndex}`
          : partitionKey(strategy, { requestId }, `instance-${environment}`, random);
      shards.put(second, key, bytes + KEY_BYTES);
    }
  });
  return shards.load();
}
