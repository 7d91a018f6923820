import type { IConstruct } from 'constructs';
import { existsSync } from 'fs';
import { join } from 'path';
import { telemetryError } from './errors';

/** `src/private` and `lib/private` are both two folders below the root of the package. */
const LAYER_ZIP = join(__dirname, '..', '..', 'assets', 'kinesis-telemetry-extension.zip');

/** Path of the layer zip that ships with this package. */
export function layerZipPath(scope: IConstruct, path: string = LAYER_ZIP): string {
  if (existsSync(path)) return path;
  throw telemetryError(scope, {
    code: 'KTE_ASSET_MISSING',
    wrong: 'the layer zip of cdk-kinesis-telemetry-extension is not where the package keeps it',
    found: `no file at ${path}`,
    allowed: 'assets/kinesis-telemetry-extension.zip beside the lib folder of the installed package',
    instead:
      'in a checkout of the repository run "npx tsx extension/build/main.ts"; in an app reinstall the package, and if the app is bundled mark cdk-kinesis-telemetry-extension as external',
  });
}
