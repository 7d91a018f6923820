import { readFileSync } from 'node:fs';
import { BUILT_LAYER_ZIP, readZip } from '../sandbox/src';
import type { Figure } from './figure';

/** Bytes of what is loaded, and of what is shipped. */
export function bundleSizes(): Figure[] {
  const zip = readFileSync(BUILT_LAYER_ZIP);
  const bytesOf = (...names: string[]) =>
    readZip(zip)
      .filter(({ name }) => names.some((wanted) => name.endsWith(`/${wanted}`)))
      .reduce((sum, { data }) => sum + data.length, 0);
  const figure = (id: string, title: string, subject: string, value: number): Figure => {
    return { id: `bundle.${id}`, title, unit: 'bytes', subject, value, low: value, high: value, runs: 1, slack: 0 };
  };
  return [
    figure('index', 'index.js, loaded before the first /next', 'signed', bytesOf('index.js')),
    figure('signed', 'index.js and kinesis-sender.js', 'signed', bytesOf('index.js', 'kinesis-sender.js')),
    figure('sdk', 'sdk-kinesis-client.js, loaded for `sdk` only', 'sdk', bytesOf('sdk-kinesis-client.js')),
    figure('layer', 'the layer, zipped', 'signed', zip.length),
  ];
}
