import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MAX_EXTENSIONS } from './extensions-api';
import { unzip } from './zip-reader';

/** The layer this repository builds. */
export const BUILT_LAYER_ZIP = resolve(__dirname, '../../assets/kinesis-telemetry-extension.zip');

/** What Lambda has under /opt: a folder, and the files of its extensions/. */
export interface Layer {
  readonly optFolder: string;
  /** Every file (not folder) of extensions/: each one is executed. */
  readonly extensionNames: readonly string[];
}

/**
 * Unpacks a layer's zip below `workFolder`, or takes an unpacked folder as it is.
 *
 * @throws when it has no file in extensions/ or more than Lambda starts
 */
export async function openLayer(
  source: { readonly layerZip?: string; readonly layerDirectory?: string },
  workFolder: string,
): Promise<Layer> {
  const optFolder = source.layerDirectory ?? join(workFolder, 'opt');
  if (!source.layerDirectory) await unzip(await readFile(source.layerZip ?? BUILT_LAYER_ZIP), optFolder);
  const entries = await readdir(join(optFolder, 'extensions'), { withFileTypes: true }).catch(() => []);
  const extensionNames = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  if (extensionNames.length === 0) {
    throw new Error(`${source.layerDirectory ?? source.layerZip ?? BUILT_LAYER_ZIP} has no file in extensions/`);
  }
  if (extensionNames.length > MAX_EXTENSIONS) {
    throw new Error(
      `Extension.TooManyExtensions: ${extensionNames.length} files in extensions/, at most ${MAX_EXTENSIONS} allowed`,
    );
  }
  return { optFolder, extensionNames };
}
