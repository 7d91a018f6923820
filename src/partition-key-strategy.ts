/**
 * What decides the shard that a record goes to.
 *
 * @see https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key
 */
export enum PartitionKeyStrategy {
  /** A fresh random key for each record: the load spreads evenly over the shards. */
  RANDOM = 'random',

  /** One key per execution environment: its events stay in order, on one shard (1 MiB or 1,000 records a second). */
  INSTANCE = 'instance',

  /** One key per request: the events of an invocation stay in order, on one shard. */
  REQUEST = 'request',
}
