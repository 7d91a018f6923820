import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { ContainerImageStack } from '../../../examples/typescript/container-image/container-image-stack';
import { readZip } from '../../../sandbox/src';
import { functionProperties, templateOf, variablesOf } from '../fixture';

const image = join(__dirname, '../../../examples/container-image');
const layerZip = readFileSync(join(__dirname, '../../../assets/kinesis-telemetry-extension.zip'));

/** The instructions of each stage, by the stage's name; the last one has none. */
function stages(): { from: string; name?: string; instructions: string[][] }[] {
  const lines = readFileSync(join(image, 'Dockerfile'), 'utf8').split('\n');
  const found: ReturnType<typeof stages> = [];
  for (const line of lines.filter((text) => text !== '' && !text.startsWith('#'))) {
    const [, instruction = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    const [from = '', name] = rest.split(' AS ');
    if (instruction === 'FROM') found.push({ from, name, instructions: [] });
    else found.at(-1)?.instructions.push([instruction, rest]);
  }
  return found;
}

describe('the stack', () => {
  const app = new App();
  const stack = new ContainerImageStack(app, 'Example');

  test('gives the function variables and policy, and no layer', () => {
    expect(functionProperties(stack)).toMatchObject({ PackageType: 'Image' });
    expect(functionProperties(stack).Layers).toBeUndefined();
    expect(Object.keys(variablesOf(stack))).toEqual(['KINESIS_TELEMETRY_STREAM']);
    const [role] = Object.values(templateOf(stack).findResources('AWS::IAM::Role'));
    expect(role?.Properties.ManagedPolicyArns).toHaveLength(2);
  });

  test('has the layer zip of this very build in the asset of the image', () => {
    const { directory } = app.synth();
    const assets = readdirSync(directory).filter((name) => name.startsWith('asset.'));
    const images = assets.filter((name) => statSync(join(directory, name)).isDirectory());
    expect(images).toHaveLength(1);
    const zip = readFileSync(join(directory, images[0] as string, 'kinesis-telemetry-extension.zip'));
    expect(zip.equals(layerZip)).toBe(true);
  });
});

describe('the Dockerfile', () => {
  const root = mkdtempSync(join(tmpdir(), 'container-image-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('copies /opt of the stage with the extension into the image of the function', () => {
    const [telemetry, fn] = stages();
    expect(telemetry?.name).toBe('telemetry');
    expect(fn?.from).toMatch(/^public\.ecr\.aws\/lambda\/nodejs:/);
    expect(fn?.instructions).toContainEqual(['COPY', '--from=telemetry /opt /opt']);
  });

  const hasUnzip = spawnSync('unzip', ['-v'], { stdio: 'ignore' }).status === 0;

  // No Docker here: the stage is followed line by line, with `/` as a folder of its own and this machine's unzip.
  test.runIf(hasUnzip)('puts the files of the layer under /opt, with their bytes and modes', () => {
    const at = (path: string) => join(root, path);
    for (const [instruction, rest = ''] of stages()[0]?.instructions ?? []) {
      if (instruction === 'COPY') {
        const [from = '', to = ''] = rest.split(' ');
        cpSync(
          from === 'kinesis-telemetry-extension.zip' ? join(image, '../../assets', from) : join(image, from),
          at(to),
        );
      } else {
        expect(instruction).toBe('RUN');
        execFileSync('sh', ['-euc', rest.replace(/(?<= )\//g, `${root}/`)], { stdio: 'pipe' });
      }
    }
    const files = readdirSync(at('opt'), { recursive: true, encoding: 'utf8' }).filter((f) =>
      statSync(at(`opt/${f}`)).isFile(),
    );
    const copied = files.sort().map((name) => ({
      name,
      mode: statSync(at(`opt/${name}`)).mode & 0o777,
      data: readFileSync(at(`opt/${name}`)).toString('base64'),
    }));
    const expected = readZip(layerZip).map(({ name, mode, data }) => ({ name, mode, data: data.toString('base64') }));
    expect(copied).toEqual(expected);
    expect(expected.map(({ name }) => name)).toContain('extensions/kinesis-telemetry-extension');
  });
});
