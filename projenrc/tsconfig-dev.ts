import { javascript } from 'projen';

/** How everything but the library itself is type-checked: jsii writes a tsconfig.json of its own for that. */
export const TSCONFIG_DEV: javascript.TypescriptConfigOptions = {
  include: [
    '.projenrc.ts',
    'projenrc/**/*.ts',
    'extension/**/*.ts',
    'transform/**/*.ts',
    'sandbox/**/*.ts',
    'bench/**/*.ts',
    'examples/typescript/**/*.ts',
    'examples/consumers/typescript/**/*.ts',
    'vitest.config.mts',
  ],
  exclude: ['test/bindings/apps'], // imports the package by its name: test:bindings compiles it, with the package built
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2023'],
    module: 'ESNext',
    moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    skipLibCheck: true,
    stripInternal: false,
    types: ['node'],
  },
};
