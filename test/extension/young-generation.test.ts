import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { youngGenerationHold } from '../../extension/src/young-generation';

test('holds the young generation once, after 32 batches', () => {
  const flags: string[] = [];
  const hold = youngGenerationHold((flag) => flags.push(flag));
  for (let batch = 0; batch < 31; batch += 1) hold();
  expect(flags).toEqual([]);
  for (let batch = 0; batch < 100; batch += 1) hold();
  expect(flags).toEqual(['--semi-space-growth-factor=1']);
});

test('uses a flag that V8 knows: another one would print an error into the log of the function', () => {
  const script = "require('node:v8').setFlagsFromString(process.argv[1])";
  const stderrOf = (flag: string) => spawnSync(process.execPath, ['-e', script, '--', flag]).stderr.toString();
  expect(stderrOf('--no-such-flag=1')).toContain('unrecognized flag');
  const flags: string[] = [];
  const hold = youngGenerationHold((flag) => flags.push(flag));
  for (let batch = 0; batch < 32; batch += 1) hold();
  expect(flags.map(stderrOf)).toEqual(['']);
});
