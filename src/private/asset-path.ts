import type { IConstruct } from 'constructs';
import { existsSync } from 'fs';
import { basename, join } from 'path';
import { telemetryError } from './errors';

/** `src/private` and `lib/private` are both two folders below the root of the package. */
const ASSETS = join(__dirname, '..', '..', 'assets');

/** Path of the layer zip that ships with this package. */
export function layerZipPath(scope: IConstruct, folder: string = ASSETS): string {
  return assetPath(scope, join(folder, 'kinesis-telemetry-extension.zip'), 'layer');
}

/** Path of the zip of the archive's transform step that ships with this package. */
export function transformZipPath(scope: IConstruct, folder: string = ASSETS): string {
  return assetPath(scope, join(folder, 'telemetry-transform.zip'), 'transform');
}

function assetPath(scope: IConstruct, path: string, what: string): string {
  if (existsSync(path)) return path;
  throw telemetryError(scope, {
    code: 'KTE_ASSET_MISSING',
    wrong: `the ${what} zip of cdk-kinesis-telemetry-extension is not where the package keeps it`,
    found: `no file at ${path}`,
    allowed: `assets/${basename(path)} beside the lib folder of the installed package`,
    instead:
      'in a checkout of the repository run "npx tsx extension/build/main.ts"; in an app reinstall the package, and if the app is bundled mark cdk-kinesis-telemetry-extension as external',
  });
}
