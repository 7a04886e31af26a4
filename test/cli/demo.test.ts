import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { needsBuild } from './support.js';

needsBuild();

test('npm run demo shows a good message and two that were changed on their way', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/demo.mjs'], {
    encoding: 'utf8',
    env: { COLUMNS: '80', NO_COLOR: '1' },
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').filter((line) => /^[✔✘]/.test(line))).toEqual([
    '✔ Verified: signed by 山田花子 <hanako@example.jp>, and unchanged since',
    '✘ Not verified: the content was altered after it was signed',
    '✘ Not verified: the content was altered after it was signed',
  ]);
  // The recoded text reads as before: only its octets tell.
  expect(stdout.match(/│ お見積もりの金額は 10,000円です。/g)).toHaveLength(2);
  expect(stdout).toContain('Shift_JIS');
});
