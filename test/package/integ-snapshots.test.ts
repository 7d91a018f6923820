import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { integApp } from '../integ/app';
import { ROOT } from './compiled-library';

const ASSET_HASH = /[0-9a-f]{64}/g;

// The templates that a maintainer deploys, but for the hash of the layer, which changes with each change of the extension.
it.each(['KteIntegDefault', 'KteIntegCustomerKey', 'KteIntegAspect'])(
  '%s has the template that is committed',
  async (stack) => {
    const assembly = integApp(new App()).synth();
    const template = JSON.stringify(assembly.getStackByName(stack).template, undefined, 2);
    const snapshot = join(ROOT, 'test', 'integ', `${stack}.template.json`);
    await expect(`${template.replace(ASSET_HASH, '<hash>')}\n`).toMatchFileSnapshot(snapshot);
  },
);
