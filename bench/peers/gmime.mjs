// GMime, the C library, as a contender: gmime.c is compiled at first use and
// run as a program of its own, which tells its CPU time.
//
// Debian has it as libgmime-3.0-dev; it is installed here where apt-get may be
// used, and without it the contender is told as not run.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('./gmime.c', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache/bench/', import.meta.url));
const program = join(cache, 'gmime');
const packageName = 'libgmime-3.0-dev';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {string} what it printed, `''` when it failed
 */
function run(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0 ? stdout.trim() : '';
}

/** Installed where that is possible; `undefined` where there is none. */
export function gmimeVersion() {
  const version = () => run('pkg-config', ['--modversion', 'gmime-3.0']);
  const found = version();
  if (found !== '') return found;
  if (process.getuid?.() !== 0) return undefined;
  run('apt-get', ['update', '-qq']);
  run('apt-get', [
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    packageName,
    'pkg-config',
    'gcc',
    'libc6-dev',
  ]);
  return version() || undefined;
}

function build() {
  if (existsSync(program) && statSync(program).mtimeMs > statSync(source).mtimeMs) return;
  if (gmimeVersion() === undefined) throw new Error(`GMime is not there: install ${packageName}`);
  const flags = run('pkg-config', ['--cflags', '--libs', 'gmime-3.0']).split(/\s+/);
  mkdirSync(cache, { recursive: true });
  const { status, stderr } = spawnSync('cc', ['-O2', '-o', program, source, ...flags], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`gmime.c does not compile: ${stderr.slice(0, 200)}`);
}

/**
 * A contender that parses a mail and decodes all of it; it tells its own time.
 *
 * @param {'memory' | 'null'} target where attachments are decoded to
 */
export function gmime(target) {
  /** @type {string | undefined} */
  let file;
  return (/** @type {import('../mime-mails.mjs').Mail[]} */ [mail]) => {
    if (mail === undefined) throw new Error('there is no mail');
    if (file === undefined) {
      build();
      file = join(cache, 'mail.eml');
      writeFileSync(file, mail.octets);
    }
    const answer = run(program, [target, file, '3']);
    if (answer === '') throw new Error('GMime failed');
    const found = JSON.parse(answer);
    if (found.attachments !== mail.attachments || found.attached !== mail.attached) {
      throw new Error(`GMime found ${answer}`);
    }
    return { microseconds: found.microseconds };
  };
}
