import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTransformZip } from '../../transform/build/transform-zip';
import { buildLayerZip } from './layer-zip';

const ASSETS = {
  'kinesis-telemetry-extension.zip': buildLayerZip,
  'telemetry-transform.zip': buildTransformZip,
};

/** `npm run extension:bundle`: bundles what runs in Lambda, the layer and the archive's processor, into assets/. */
async function main(): Promise<void> {
  const root = join(__dirname, '..', '..');
  mkdirSync(join(root, 'assets'), { recursive: true });
  for (const [name, buildZip] of Object.entries(ASSETS)) {
    const zip = await buildZip(root);
    writeFileSync(join(root, 'assets', name), zip);
    console.log(`assets/${name} ${zip.length} bytes, sha256 ${createHash('sha256').update(zip).digest('hex')}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
