/** What we develop with. A version that is not simply the newest has its reason beside it. */
export const DEV_DEPENDENCIES = [
  'aws-cdk-lib@^2.276.0',
  'constructs@^10.8.1',
  'aws-cdk@^2.1148.1', // npm's `latest` is a stray 3.0.0 that cannot read today's assemblies
  '@aws-lambda-powertools/batch@^2.35.0',
  '@aws-sdk/client-kinesis@^3.1143.0',
  '@duckdb/node-api@1.5.5-r.5', // exact: its other versions lack platform packages in some registries, as biome's do
  '@cdklabs/cdk-validator-cfnguard@0.0.62', // exact: cfn-guard itself and its rules are inside
  '@types/node@^20',
  '@smithy/node-http-handler@^4.14.2',
  '@smithy/signature-v4@^5',
  '@vitest/coverage-v8@^4.1.12',
  'cdk-nag@^3.0.2',
  'esbuild@0.28.2', // exact: the bytes it writes are part of what we ship
  'fast-check@^4.10.2',
  'fflate@0.8.2', // exact, as esbuild: writes the layer zip, the same bytes under every Node.js version
  'kinesis-local@^0.6.2',
  'tsx@^4.23.15',
  'undici@^7.30.2', // 8 needs Node.js 22
  'vitest@^4.1.12', // 5 needs Node.js 22
];
