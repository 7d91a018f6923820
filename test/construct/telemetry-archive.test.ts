import { Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { TelemetryArchive } from '../../src';
import { ARCHIVE_QUERIES } from '../../src/private/archive/archive-queries';
import { newArchive, propertiesOf } from './archive-fixture';
import { logicalId, newStack, templateOf } from './fixture';

describe('defaults', () => {
  const made = newArchive();
  const { template, archive } = made;

  test('makes what an archive needs, and no custom resource', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map((r) => r.Type);
    expect([...new Set(types)].sort()).toEqual([
      'AWS::Athena::NamedQuery',
      'AWS::Athena::WorkGroup',
      'AWS::Glue::Database',
      'AWS::Glue::Table',
      'AWS::IAM::ManagedPolicy',
      'AWS::IAM::Role',
      'AWS::Kinesis::Stream',
      'AWS::KinesisFirehose::DeliveryStream',
      'AWS::Logs::LogGroup',
      'AWS::Logs::LogStream',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ]);
  });

  test('keeps the logical ids of what has data from release to release', () => {
    const ids = Object.keys(template.toJSON().Resources);
    for (const id of ['ArchiveBucket49F1AC64', 'ArchiveDatabase1F885325', 'ArchiveTable38D6931A'])
      expect(ids).toContain(id);
    expect(ids.filter((id) => id.startsWith('ArchiveDelivery')).sort()).toMatchInlineSnapshot(`
      [
        "ArchiveDeliveryBC745BBE",
        "ArchiveDeliveryLog6091E70D",
        "ArchiveDeliveryLogStream9DE2C645",
        "ArchiveDeliveryPolicyC9B95537",
        "ArchiveDeliveryRoleC77E30EA",
      ]
    `);
  });

  test('makes a private bucket that expires events and query results and stays when the stack goes', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        BucketName: Match.absent(),
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            Match.objectLike({ Prefix: 'events/', ExpirationInDays: 90 }),
            Match.objectLike({ Prefix: 'athena/', ExpirationInDays: 7 }),
            Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
          ]),
        },
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('describes the events to Athena, partitions included', () => {
    template.hasResourceProperties('AWS::Glue::Table', {
      TableInput: {
        Name: 'events',
        PartitionKeys: [
          { Name: 'dt', Type: 'string' },
          { Name: 'hour', Type: 'string' },
        ],
        Parameters: Match.objectLike({
          'projection.enabled': 'true',
          'projection.dt.range': 'NOW-90DAYS,NOW+1DAYS',
          'projection.hour.digits': '2',
          'storage.location.template': {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own syntax
            'Fn::Join': ['', ['s3://', { Ref: logicalId(archive.bucket) }, '/events/dt=${dt}/hour=${hour}/']],
          },
        }),
        StorageDescriptor: {
          SerdeInfo: {
            SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
            Parameters: { 'case.insensitive': 'false' },
          },
        },
      },
    });
  });

  test('names the database in lower case, as Glue wants it', () => {
    expect(archive.databaseName).toMatch(/^[a-z0-9_]+$/);
    expect(archive.tableName).toBe('events');
  });

  test('makes a workgroup whose settings hold: encrypted results, a limit to what a query may read', () => {
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 10 * 1_024 ** 3,
        ResultConfiguration: {
          EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
          ExpectedBucketOwner: { Ref: 'AWS::AccountId' },
          OutputLocation: { 'Fn::Join': ['', ['s3://', { Ref: logicalId(archive.bucket) }, '/athena/']] },
        },
      },
    });
  });

  test('holds every query, in its database and workgroup', () => {
    const queries = propertiesOf(made, 'AWS::Athena::NamedQuery');
    expect(queries.map(({ Name }) => Name)).toEqual(ARCHIVE_QUERIES.map(({ name }) => name));
    for (const query of queries) {
      expect(query).toMatchObject({ Database: archive.databaseName, WorkGroup: { Ref: expect.any(String) } });
    }
  });
});

describe('questions', () => {
  test('can be asked by whom they are granted to, through this workgroup alone', () => {
    const stack = newStack();
    const stream = new kinesis.Stream(stack, 'Stream');
    const archive = new TelemetryArchive(stack, 'Archive', { stream, encryptionKey: new kms.Key(stack, 'Key') });
    const grant = archive.grantQuery(new iam.Role(stack, 'Analyst', { assumedBy: new iam.AccountRootPrincipal() }));
    expect(grant.success).toBe(true);
    const [policy] = propertiesOf({ template: templateOf(stack) }, 'AWS::IAM::Policy');
    const actions = policy.PolicyDocument.Statement.flatMap(({ Action }: { Action: string[] }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining(['athena:StartQueryExecution', 'glue:GetTable', 's3:GetObject', 'kms:Decrypt']),
    );
    expect(actions.filter((action: string) => action.includes('*') || action.includes('Delete'))).toEqual([]);
  });
});

describe('metrics', () => {
  test('are those of this delivery', () => {
    const { archive, stack } = newArchive();
    const dimensions = { DeliveryStreamName: { Ref: stack.getLogicalId(archive.deliveryStream) } };
    expect(stack.resolve(archive.metricDataFreshness())).toMatchObject({
      namespace: 'AWS/Firehose',
      metricName: 'DeliveryToS3.DataFreshness',
      statistic: 'Maximum',
      dimensions,
    });
    expect(stack.resolve(archive.metricDeliverySuccess({ statistic: 'Minimum' }))).toMatchObject({
      metricName: 'DeliveryToS3.Success',
      statistic: 'Minimum',
      dimensions,
    });
  });
});
