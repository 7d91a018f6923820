import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const FLOOR_OF: Record<string, string> = {
  'github.com/aws/aws-cdk-go/awscdk/v2': 'aws-cdk-lib',
  'github.com/aws/constructs-go/constructs/v10': 'constructs',
};

interface Manifest {
  readonly jsii: { readonly targets: { readonly go: { readonly packageName: string } } };
  readonly peerDependencies: Record<string, string>;
}

/**
 * The requirements of the Go module brought down to the peer dependencies, as the wheel and the pom have them. Go takes
 * the highest version that any module asks for: what is not needed must not be asked for.
 */
export function lowerRequirements(goMod: string, peerDependencies: Record<string, string>): string {
  const lines = goMod.split('\n').filter((line) => !line.includes('// indirect')); // of the newer CDK; Go finds its own
  return lines
    .map((line) => {
      const [, indent, module = ''] = /^(\s+)(\S+) v\S+$/.exec(line) ?? [];
      const name = FLOOR_OF[module];
      if (name === undefined) return line;
      const floor = /^\^(\d+\.\d+\.\d+)$/.exec(peerDependencies[name] ?? '')?.[1];
      if (floor === undefined) throw new Error(`${name}: peer dependency "${peerDependencies[name]}" is not ^x.y.z`);
      return `${indent}${module} v${floor}`;
    })
    .join('\n');
}

function main(): void {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const path = join(ROOT, 'dist', 'go', manifest.jsii.targets.go.packageName, 'go.mod');
  writeFileSync(path, lowerRequirements(readFileSync(path, 'utf8'), manifest.peerDependencies));
}

if (require.main === module) main();
