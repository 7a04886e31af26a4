import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeProgram } from '../support/programs.js';
import { seededDraw } from '../support/seeded.js';
import { writingCommands, writingScene } from './killed-scene.js';
import { killWhileWriting, stoppedBy } from './killing.js';
import { opensslFolder } from './people.js';
import { mailseal, main, needsBuild, temporaryFolder } from './support.js';

describeProgram('openssl', () => {
  needsBuild();
  const folder = temporaryFolder();
  const files = opensslFolder(folder);
  let scene: ReturnType<typeof writingScene>;
  beforeAll(() => {
    scene = writingScene(files);
  }, 60_000);

  describe('interrupted work leaves nothing that looks whole', () => {
    // test/slow kills 50 times each.
    test.each(writingCommands)('%s, killed 6 times while it writes', async (name) => {
      const { args, isWhole } = scene[name];
      const { cut, whole } = await killWhileWriting(args, join(folder, 'out'), 6, seededDraw(1), isWhole);
      console.log(`${name}: ${cut} of 6 cut off while writing, ${whole} whole`);
      expect(cut).toBeGreaterThan(0);
      expect(cut + whole).toBeLessThanOrEqual(6);
    });

    test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
      '%s removes what is not whole',
      async (signal) => {
        const { endedBy, left } = await stoppedBy(signal, scene.encrypt.args, join(folder, 'stopped'));
        expect([endedBy, left]).toEqual([signal, []]);
      },
    );

    test('so does an error in the middle of the work', () => {
      const cut = files.read('whole-encrypt').slice(0, 5_000_000);
      const args = scene.rekey.args.slice(1, -1);
      const run = mailseal(['rekey', '--out', files.at('never'), ...args], { input: cut });
      expect([run.status, run.stderr]).toEqual([3, expect.stringContaining('goes on past the end')]);
      expect(existsSync(files.at('never'))).toBe(false);
      expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    });
  });

  describe('what cannot be replaced', () => {
    test('a reader who goes away ends the work', () => {
      const words = [process.execPath, main, ...scene.sign.args].map((word) => `'${word}'`).join(' ');
      const status = execFileSync(
        'sh',
        ['-c', `exec 4>&1; { ${words}; echo "status $?" >&4; } | head -c 1 >&2`],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      expect(status.toString()).toBe('status 2\n');
    });

    test.runIf(existsSync('/dev/full'))('a device without room is told of', () => {
      const [name, ...args] = scene.sign.args as [string, ...string[]];
      const run = mailseal([name, '--out', '/dev/full', ...args]);
      expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('no space is left')]);
      expect(existsSync('/dev/full')).toBe(true);
    });

    test('what is let out before an error does not pass for a whole message', () => {
      const cut = files.read('whole-encrypt').slice(0, 5_000_000);
      const run = mailseal(scene.rekey.args.slice(0, -1), { input: cut });
      expect(run.status).toBe(3);
      expect(run.stdout.length).toBeLessThan(5_000_000);
      // Of a short one, nothing is let out.
      const short = mailseal(scene.rekey.args.slice(0, -1), { input: cut.slice(0, 500_000) });
      expect([short.status, short.stdout]).toEqual([3, '']);
    });
  });
});
