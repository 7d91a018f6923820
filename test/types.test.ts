import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

const TSC = createRequire(__filename).resolve('typescript/bin/tsc');

// as `npx projen typecheck`
it('every TypeScript file holds its types, those outside the jsii compilation too', { timeout: 180_000 }, async () => {
  const args = [TSC, '--noEmit', '-p', 'tsconfig.dev.json'];
  const tsc = spawn(process.execPath, args, { cwd: join(__dirname, '..'), stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [exitCode]] = await Promise.all([text(tsc.stdout), once(tsc, 'close')]);
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: '' });
});
