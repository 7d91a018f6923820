import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What a user types in the folder of an example, `cdk synth`, on a machine that knows no AWS account. */
export function cdkSynth(folder: string, output: string, env: Record<string, string> = {}): void {
  const cdk = join(createRequire(__filename).resolve('aws-cdk/package.json'), '../bin/cdk');
  const withoutAws = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  execFileSync(process.execPath, [cdk, 'synth', '--quiet', '--no-notices', '--output', output], {
    cwd: folder,
    env: { ...Object.fromEntries(withoutAws), CDK_DISABLE_CLI_TELEMETRY: 'true', ...env },
    stdio: 'pipe',
  });
}
