import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artefacts, CDK_VERSION, LAYER, layerIn, ROOT } from './artefacts';
import { Checklist } from './checklist';
import { type Example, goExample, javaExample, pythonExample } from './example-apps';
import { expectExampleStacks } from './example-stacks';
import { synthesizeWithGo } from './go-project';
import { forgetOldJar, synthesizeWithJava } from './java-project';
import { expectVariables, synthesizeWithKernel } from './kernel-smoke';
import { NPM_FLAVOURS, type NpmFlavour, synthesizeWithNpm } from './npm-projects';
import { installWheel, synthesizeWithPython } from './python-project';
import { expectSameLines, sampleRecords } from './sample-records';
import {
  expectExecutableLauncher,
  expectLayerIn,
  expectSameTemplates,
  type Templates,
  templatesOf,
} from './synthesized';
import { missingTools } from './tool-chain';

const TARGETS = ['kernel', 'npm', 'python', 'java', 'go'] as const;
type Target = (typeof TARGETS)[number];

/**
 * Installs what `npm run package` has built into empty projects outside the repository, synthesizes the same app in
 * each language and compares. `npm run test:bindings -- python go` tries these alone.
 */
class Bindings {
  private readonly list = new Checklist();
  private reference: Templates | undefined;

  constructor(
    private readonly work: string,
    private readonly layer: Buffer,
  ) {}

  public async run(targets: readonly Target[]): Promise<boolean> {
    console.log(`aws-cdk-lib ${CDK_VERSION}; projects in ${this.work}`);
    await this.list.check('the launcher in the layer is executable', () => expectExecutableLauncher(this.layer));
    for (const target of targets) {
      console.log(target);
      await this.tryTarget(target);
    }
    console.log(this.list.summary());
    return this.list.failed === 0;
  }

  private async tryTarget(target: Target): Promise<void> {
    const missing = await missingTools(target);
    if (missing.length > 0) {
      const words = `this machine lacks ${missing.join(', ')}`;
      if (!process.env.CI) return this.list.skip(target, words);
      await this.list.check(target, () => Promise.reject(new Error(words)));
      return;
    }
    if (target === 'kernel') return this.kernel();
    if (target !== 'npm' && this.reference === undefined) await this.npmFlavour('CommonJS');
    const artefact = artefacts()[target];
    await this.list.check(`${target}: the artefact holds the layer that was built, byte for byte`, () => {
      if (!layerIn(artefact).equals(this.layer)) throw new Error(`${artefact.path}: another ${LAYER}`);
    });
    await this[target]();
  }

  private async kernel(): Promise<void> {
    const assembly = await this.list.check('kernel: an app is synthesized through jsii', () =>
      synthesizeWithKernel(join(this.work, 'kernel')),
    );
    if (assembly === undefined) return;
    await this.list.check('kernel: enums, maps and structs arrive', () => expectVariables(assembly));
    await this.list.check('kernel: the assembly holds the layer', () => expectLayerIn(assembly, this.layer));
  }

  private async npm(): Promise<void> {
    for (const flavour of NPM_FLAVOURS) await this.npmFlavour(flavour);
  }

  private async npmFlavour(flavour: NpmFlavour): Promise<void> {
    const folder = join(this.work, flavour.replace(/\W/g, '-'));
    await this.compare(flavour, () => synthesizeWithNpm(flavour, folder));
  }

  private async python(): Promise<void> {
    const folder = join(this.work, 'python');
    const python = await this.list.check('python: the wheel installs', () => installWheel(folder));
    if (python === undefined) return;
    await this.compare('python', () => synthesizeWithPython(python, join(folder, 'app')));
    await this.example('python', () => pythonExample(python, join(folder, 'example')));
  }

  private async java(): Promise<void> {
    await forgetOldJar();
    await this.compare('java', () => synthesizeWithJava(join(this.work, 'java')));
    await this.example('java', () => javaExample(join(this.work, 'java-example')));
  }

  private async go(): Promise<void> {
    await this.compare('go', () => synthesizeWithGo(join(this.work, 'go')));
    await this.example('go', () => goExample(join(this.work, 'go-example')));
  }

  private async example(language: string, synthesize: () => Promise<Example>): Promise<void> {
    const name = `examples/${language}`;
    const example = await this.list.check(`${name}: is built and synthesized`, synthesize);
    if (example === undefined) return;
    await this.list.check(`${name}: functions have telemetry, the consumer reads it`, () =>
      expectExampleStacks(example.assembly),
    );
    for (const [format, records] of Object.entries(sampleRecords())) {
      await this.list.check(`${name}: the consumer decodes ${format}`, () => expectSameLines(records, example.decode));
    }
  }

  private async compare(name: string, synthesize: () => Promise<string>): Promise<void> {
    const assembly = await this.list.check(`${name}: the app is installed and synthesized`, synthesize);
    if (assembly === undefined) return;
    await this.list.check(`${name}: the assembly holds the layer, with an executable launcher`, () =>
      expectLayerIn(assembly, this.layer),
    );
    if (this.reference === undefined) {
      this.reference = templatesOf(assembly);
      return;
    }
    const { reference } = this;
    await this.list.check(`${name}: the templates equal the first ones`, () =>
      expectSameTemplates(templatesOf(assembly), reference),
    );
  }
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !TARGETS.includes(name as Target));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}; there are ${TARGETS.join(', ')}`);
  const targets = TARGETS.filter((target) => wanted.length === 0 || wanted.includes(target));
  const work = await mkdtemp(join(tmpdir(), 'bindings-'));
  try {
    const layer = await readFile(join(ROOT, LAYER));
    process.exitCode = (await new Bindings(work, layer).run(targets)) ? 0 : 1;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
