/**
 * Which client inside the extension writes to Kinesis. Both send the same requests.
 */
export enum KinesisClientType {
  /** PutRecords signed with SigV4 over a kept-alive connection, without the SDK: the smaller and quicker to start. */
  SIGNED = 'signed',

  /** The client of the AWS SDK for JavaScript. */
  SDK = 'sdk',
}
