/** How PutRecords names the stream. */
export type StreamReference = { readonly StreamName: string } | { readonly StreamARN: string };

export interface EndpointOptions {
  readonly region: string;
  readonly stream: StreamReference;
  readonly useFips: boolean;
  readonly useDualStack: boolean;
  /** Wins over everything else. */
  readonly endpoint?: string;
}

export function streamReference(nameOrArn: string): StreamReference {
  return nameOrArn.startsWith('arn:') ? { StreamARN: nameOrArn } : { StreamName: nameOrArn };
}

/** DNS suffixes by partition; the default partition also answers for Regions that are newer than this table. */
const PARTITIONS: readonly { regions: RegExp; suffix: string; dualStack: string }[] = [
  { regions: /^cn-/, suffix: 'amazonaws.com.cn', dualStack: 'api.amazonwebservices.com.cn' },
  { regions: /^eusc-/, suffix: 'amazonaws.eu', dualStack: 'api.amazonwebservices.eu' },
  { regions: /^us-iso-/, suffix: 'c2s.ic.gov', dualStack: 'api.aws.ic.gov' },
  { regions: /^us-isob-/, suffix: 'sc2s.sgov.gov', dualStack: 'api.aws.scloud' },
  { regions: /^eu-isoe-/, suffix: 'cloud.adc-e.uk', dualStack: 'api.cloud-aws.adc-e.uk' },
  { regions: /^us-isof-/, suffix: 'csp.hci.ic.gov', dualStack: 'api.aws.hci.ic.gov' },
  { regions: /^/, suffix: 'amazonaws.com', dualStack: 'api.aws' },
];

/**
 * The endpoint that the AWS SDK would resolve for PutRecords: a stream ARN goes to the account's own data host. The
 * SDK's rule set is the oracle in test/extension/kinesis-endpoint.test.ts.
 */
export function kinesisEndpoint(options: EndpointOptions): string {
  const { region, stream, useFips, useDualStack, endpoint } = options;
  if (endpoint !== undefined) return endpoint;
  const partition = PARTITIONS.find(({ regions }) => regions.test(region)) as (typeof PARTITIONS)[number];
  const suffix = useDualStack ? partition.dualStack : partition.suffix;
  const fips = useFips ? '-fips' : '';
  const hasAccountHosts = !/^us-isob?-/.test(region);
  if ('StreamARN' in stream && hasAccountHosts) {
    return `https://${stream.StreamARN.split(':')[4]}.data-kinesis${fips}.${region}.${suffix}`;
  }
  // GovCloud's ordinary Kinesis endpoint is a FIPS endpoint and has no other name.
  const plainIsFips = region.startsWith('us-gov-') && !useDualStack;
  return `https://kinesis${plainIsFips ? '' : fips}.${region}.${suffix}`;
}
