import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { likeness } from './likeness';

/**
 * How the function addresses the stream: by name within an account and Region, by ARN across them (Kinesis looks
 * a bare name up in the caller's account). Where synth cannot tell, the ARN, which is right in both cases.
 */
export function streamReference(stream: kinesis.IStream, fn: lambda.IFunction): string {
  const alike =
    likeness(stream.env.account, fn.env.account) === 'same' && likeness(stream.env.region, fn.env.region) === 'same';
  return alike ? stream.streamName : stream.streamArn;
}
