import type { PartitionKeyChoice } from './settings';

/**
 * The partition key of one record. `random` spreads evenly over any number of shards, and a throttled record gets a
 * new key, hence another shard; the others keep what belongs together on one shard, as far as the service allows.
 */
export function partitionKey(
  chosen: PartitionKeyChoice,
  record: { readonly requestId?: string },
  instanceId: string,
  random: () => number,
): string {
  if (chosen === 'instance') return instanceId;
  // What belongs to no request (init, shutdown) stays with its instance.
  if (chosen === 'request') return (record.requestId ?? instanceId).slice(0, 64) || instanceId;
  return Math.floor(random() * 2 ** 52).toString(36);
}
