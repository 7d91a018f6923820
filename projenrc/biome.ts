import { javascript } from 'projen';

const { IndentStyle, QuoteStyle } = javascript.biome_config;

/** The formatter and linter of all that is TypeScript or JSON here. */
export const BIOME: javascript.BiomeOptions = {
  version: '~2.5.15', // 2.6.x lacks platform packages in some registries: npm ci then refuses the lock file
  biomeConfig: {
    formatter: { indentStyle: IndentStyle.SPACE, indentWidth: 2, lineWidth: 120 },
    javascript: { formatter: { quoteStyle: QuoteStyle.SINGLE } },
    files: {
      includes: [
        'src/**',
        'extension/**',
        'transform/**',
        'sandbox/**',
        'bench/**',
        '!bench/results',
        'projenrc/**',
        'examples/typescript/**',
        'examples/consumers/typescript/**',
        'test/**',
        '!test/**/*.template.json', // snapshots: as JSON.stringify writes them
      ],
    },
    linter: { rules: { nursery: { noFloatingPromises: 'error' }, style: { useNodejsImportProtocol: 'off' } } },
    overrides: [
      {
        // jsii does not notice that src/ imports a devDependency; this does
        includes: ['src/**'],
        linter: {
          rules: {
            correctness: { noUndeclaredDependencies: { level: 'error', options: { devDependencies: false } } },
          },
        },
      },
    ],
  },
};
