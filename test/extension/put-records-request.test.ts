import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { KinesisError } from '../../extension/src/kinesis-client';
import { streamReference } from '../../extension/src/kinesis-endpoint';
import { putRecordsBody, putRecordsError, putRecordsOutcomes } from '../../extension/src/put-records-request';
import { assertProperty } from './property';

test('writes the stream and every entry, whatever its bytes and key', () => {
  const entry = fc.record({
    data: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    partitionKey: fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
  });
  const stream = fc.constantFrom('orders', 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders').map(streamReference);
  assertProperty(
    fc.property(stream, fc.array(entry, { maxLength: 8 }), (reference, entries) => {
      // Memory that has been used before, and is larger than it need be
      const body = putRecordsBody(reference, entries, (bytes) => Buffer.alloc(bytes + 7, 'x'));
      expect(JSON.parse(body.toString('utf8'))).toEqual({
        ...reference,
        Records: entries.map(({ data, partitionKey }) => ({
          Data: data.toString('base64'),
          PartitionKey: partitionKey,
        })),
      });
    }),
  );
});

function answer(records: unknown): Buffer {
  return Buffer.from(JSON.stringify({ FailedRecordCount: 0, Records: records }));
}

test('reads an outcome for every entry, in order', () => {
  const written = { SequenceNumber: '49590338271490256608559692538361571095921575989136588898', ShardId: 'shardId-0' };
  const outcome = fc.constantFrom(
    { given: written, read: {} },
    { given: { ...written, ErrorCode: null, ErrorMessage: null }, read: {} },
    { given: { ErrorCode: 'InternalFailure', ErrorMessage: 'm' }, read: { errorCode: 'InternalFailure' } },
    {
      given: { ErrorCode: 'ProvisionedThroughputExceededException' },
      read: { errorCode: 'ProvisionedThroughputExceededException' },
    },
    { given: {}, read: { errorCode: 'InternalFailure' } },
    { given: null, read: { errorCode: 'InternalFailure' } },
  );
  assertProperty(
    fc.property(fc.array(outcome), (outcomes) => {
      const body = answer(outcomes.map(({ given }) => given));
      expect(putRecordsOutcomes(body, outcomes.length)).toEqual(outcomes.map(({ read }) => read));
    }),
  );
});

test.each([
  ['fewer outcomes than entries', answer([{ SequenceNumber: '1' }]), 'PutRecords answered 1 outcomes for 2 records'],
  ['more outcomes than entries', answer([{}, {}, {}]), 'PutRecords answered 3 outcomes for 2 records'],
  ['no list', answer('text'), 'PutRecords answered no outcomes for 2 records'],
  ['null', Buffer.from('null'), 'PutRecords answered no outcomes for 2 records'],
  ['HTML', Buffer.from('<html>'), 'the answer of PutRecords is not JSON'],
  ['nothing', Buffer.alloc(0), 'the answer of PutRecords is not JSON'],
])('rejects an answer with %s', (_name, body, message) => {
  const expected = expect.objectContaining({ code: 'UnreadableAnswer', message, status: 200 });
  expect(() => putRecordsOutcomes(body, 2)).toThrow(expected);
});

const NAMESPACED = '{"__type":"com.amazonaws.kinesis.v20131202#ResourceNotFoundException","message":"no such stream"}';

test.each<[string, number, string | undefined, string, string, string]>([
  ['a type in the body', 400, undefined, '{"__type":"ValidationException","message":"m"}', 'ValidationException', 'm'],
  ['a type with a namespace', 400, undefined, NAMESPACED, 'ResourceNotFoundException', 'no such stream'],
  ['a type in the header', 403, 'AccessDeniedException', '{"Message":"M"}', 'AccessDeniedException', 'M'],
  ['a type in the header with a URL', 400, 'Throttling:http://internal.amazon.com/', '', 'Throttling', 'status 400'],
  ['a header before the body', 400, 'FromHeader', '{"__type":"FromBody"}', 'FromHeader', 'status 400'],
  ['a code', 400, undefined, '{"code":"ExpiredTokenException"}', 'ExpiredTokenException', 'status 400'],
  ['a page of HTML', 503, undefined, '<html>Bad gateway</html>', 'Http503', 'status 503'],
  ['nothing', 413, undefined, '', 'Http413', 'status 413'],
  ['null', 500, undefined, 'null', 'Http500', 'status 500'],
])('reads the error of an answer with %s', (_name, status, header, body, code, message) => {
  const error = putRecordsError(status, header, Buffer.from(body));
  expect(error).toBeInstanceOf(KinesisError);
  expect(error).toMatchObject({ code, message, status });
});
