import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writingCommands, writingScene } from '../cli/killed-scene.js';
import { killWhileWriting } from '../cli/killing.js';
import { opensslFolder } from '../cli/people.js';
import { needsBuild, temporaryFolder } from '../cli/support.js';
import { describeProgram } from '../support/programs.js';
import { seededDraw } from '../support/seeded.js';

describeProgram('openssl', () => {
  needsBuild();
  const folder = temporaryFolder();
  let scene: ReturnType<typeof writingScene>;
  beforeAll(() => {
    scene = writingScene(opensslFolder(folder));
  }, 60_000);

  test.each(writingCommands)(
    '%s, killed 50 times while it writes: never a part under the final name',
    async (name) => {
      const { args, isWhole } = scene[name];
      const { cut, whole } = await killWhileWriting(args, join(folder, 'out'), 50, seededDraw(2), isWhole);
      console.log(`${name}: ${cut} of 50 cut off while writing, ${whole} whole`);
      expect(cut).toBeGreaterThan(10);
      expect(cut + whole).toBeLessThanOrEqual(50);
    },
    600_000,
  );
});
