import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildLayerZip } from './layer-zip';

/** `npm run extension:bundle`: bundles the extension and writes the layer into assets/. */
async function main(): Promise<void> {
  const root = join(__dirname, '..', '..');
  const zip = await buildLayerZip(root);
  const target = join(root, 'assets', 'kinesis-telemetry-extension.zip');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, zip);
  const hash = createHash('sha256').update(zip).digest('hex');
  console.log(`assets/kinesis-telemetry-extension.zip ${zip.length} bytes, sha256 ${hash}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
