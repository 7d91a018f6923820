import { Duration } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { TelemetryArchive } from '../../src';
import { channelOf, coreKnowsChannels, newChannelArchive, newChannelStream, rightsOf } from './archive-fixture';
import { errorOf, logicalId, newStack, templateOf } from './fixture';

if (!coreKnowsChannels) {
  test('fails with this aws-cdk-lib, before anything else is looked at', () => {
    const { code, message } = errorOf(() => newChannelArchive({ dataFreshness: Duration.seconds(1) }));
    expect(code).toBe('KTE_CHANNEL_UNKNOWN');
    expect(message).toMatch(/found: {3}aws-cdk-lib 2\.\d+\.\d+ without aws_kinesis\.CfnChannel/);
  });
} else {
  describe('defaults', () => {
    const made = newChannelArchive();
    const { template, archive, stream } = made;
    const bucketArn = { 'Fn::GetAtt': [logicalId(archive.bucket), 'Arn'] };
    const objects = (prefix: string) => ({ 'Fn::Join': ['', [bucketArn, `/${prefix}*`]] });

    test('makes what an archive needs, without Firehose and without a custom resource', () => {
      const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map((r) => r.Type);
      expect([...new Set(types)].sort()).toEqual([
        'AWS::Athena::NamedQuery',
        'AWS::Athena::WorkGroup',
        'AWS::Glue::Database',
        'AWS::Glue::Table',
        'AWS::IAM::ManagedPolicy',
        'AWS::IAM::Role',
        'AWS::Kinesis::Channel',
        'AWS::Kinesis::Stream',
        'AWS::Logs::LogGroup',
        'AWS::Logs::LogStream',
        'AWS::S3::Bucket',
        'AWS::S3::BucketPolicy',
      ]);
    });

    test('carries gzipped lines into the folders of TelemetryArchive, and what fails below errors/', () => {
      expect(channelOf(made)).toEqual({
        ChannelName: archive.channelName,
        ServiceExecutionRoleARN: { 'Fn::GetAtt': [expect.stringMatching(/^ArchiveChannelRole/), 'Arn'] },
        StreamConfigurationList: [
          {
            StreamARN: { 'Fn::GetAtt': [logicalId(stream), 'Arn'] },
            RecordConfiguration: { RecordFormatType: 'STRING' },
          },
        ],
        S3DestinationConfiguration: {
          DataFreshnessInSeconds: 300,
          StorageConfiguration: {
            BucketARN: bucketArn,
            ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
            CompressionType: 'GZIP',
            OutputKeyTemplate: 'events/dt=!{yyyy}-!{MM}-!{dd}/hour=!{HH}/!{channel-name}!{extension:.jsonl.gz}',
          },
          DeadLetterQueueS3Configuration: {
            BucketARN: bucketArn,
            ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
            ErrorOutputPrefix: 'errors/',
          },
        },
        LoggingConfiguration: {
          CloudWatchLogs: {
            Enabled: true,
            LogGroupName: { Ref: logicalId(archive.logGroup) },
            LogStreamName: { Ref: expect.stringMatching(/^ArchiveDeliveryLogStream/) },
          },
        },
      });
    });

    test('puts the same table and the same queries over the bucket as TelemetryArchive', () => {
      const stack = newStack();
      new TelemetryArchive(stack, 'Archive', { stream: newChannelStream(stack) });
      const other = templateOf(stack);
      for (const type of ['AWS::Glue::Table', 'AWS::Athena::NamedQuery', 'AWS::Athena::WorkGroup', 'AWS::S3::Bucket']) {
        expect(template.findResources(type)).toEqual(other.findResources(type));
      }
    });

    test('creates the channel after its rights', () => {
      const [policy] = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));
      template.hasResource('AWS::Kinesis::Channel', { DependsOn: [policy] });
    });

    test('gives the role what AWS lists, wildcards below the two prefixes alone', () => {
      const group = [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':logs:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
      ];
      const parts = [':log-group:', { Ref: logicalId(archive.logGroup) }];
      const stream = [':log-stream:', { Ref: expect.stringMatching(/^ArchiveDeliveryLogStream/) }];
      expect(rightsOf(made)).toEqual([
        [['s3:ListBucket', 's3:ListBucketMultipartUploads'], bucketArn, undefined],
        [['s3:ListMultipartUploadParts', 's3:PutObject'], objects('events/'), undefined],
        [['s3:PutObject'], objects('errors/'), undefined],
        [['logs:CreateLogGroup'], { 'Fn::Join': ['', [...group, ...parts]] }, undefined],
        [
          ['logs:CreateLogStream', 'logs:PutLogEvents'],
          { 'Fn::Join': ['', [...group, ...parts, ...stream]] },
          undefined,
        ],
      ]);
    });

    test('lets the channels of this account and Region alone take the role', () => {
      template.hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [
            {
              Principal: { Service: 'kinesis.amazonaws.com' },
              Condition: {
                StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
                ArnLike: {
                  'aws:SourceArn': {
                    'Fn::Join': [
                      '',
                      [
                        'arn:',
                        { Ref: 'AWS::Partition' },
                        ':kinesis:',
                        { Ref: 'AWS::Region' },
                        ':',
                        { Ref: 'AWS::AccountId' },
                        ':channel/*',
                      ],
                    ],
                  },
                },
              },
            },
          ],
        },
      });
    });

    test('keeps the logical ids of what has data from release to release', () => {
      const ids = Object.keys(template.toJSON().Resources);
      for (const id of ['ArchiveBucket49F1AC64', 'ArchiveDatabase1F885325', 'ArchiveTable38D6931A'])
        expect(ids).toContain(id);
      expect(ids.filter((id) => id.startsWith('ArchiveChannel')).sort()).toMatchInlineSnapshot(`
        [
          "ArchiveChannel3D651F4D",
          "ArchiveChannelPolicyDEFED1F8",
          "ArchiveChannelRole7137CA44",
        ]
      `);
    });

    test('keeps to what AWS takes for names and keys', () => {
      const { ChannelName, S3DestinationConfiguration } = channelOf(made);
      const { StorageConfiguration, DeadLetterQueueS3Configuration } = S3DestinationConfiguration;
      expect(ChannelName).toMatch(/^[a-zA-Z0-9_.-]{1,128}$/);
      expect(StorageConfiguration.OutputKeyTemplate).toMatch(/^[0-9A-Za-z!\-_'.*()/=:{}]{1,986}$/);
      expect(DeadLetterQueueS3Configuration.ErrorOutputPrefix).toMatch(/^[0-9A-Za-z!\-_'.*()/]{1,512}$/);
    });
  });
}
