// Real IMAP and POP3 servers for the tests to talk to, and what else mail passes on its way:
// `node tools/mail-servers.mjs` fetches the Debian packages of Dovecot, Courier, Cyrus, Exim,
// maildrop and altermime and unpacks them.
// Nothing is installed: as installed packages they exclude each other.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isMain, root } from './process.mjs';

/** Each server's packages, and the program by which it is known that they are unpacked. */
const servers = {
  dovecot: { packages: ['dovecot-imapd', 'dovecot-pop3d'], program: 'usr/sbin/dovecot' },
  courier: {
    packages: ['courier-imap', 'courier-pop', 'courier-authlib-userdb'],
    program: 'usr/bin/imapd',
  },
  cyrus: {
    packages: ['cyrus-imapd', 'cyrus-pop3d', 'sasl2-bin', 'libsasl2-modules', 'libsasl2-modules-db'],
    program: 'usr/lib/cyrus/bin/imapd',
  },
  exim: { packages: ['exim4-daemon-light'], program: 'usr/sbin/exim4' },
  maildrop: { packages: ['maildrop'], program: 'usr/bin/reformime' },
  altermime: { packages: ['altermime'], program: 'usr/bin/altermime' },
};

/** @typedef {keyof typeof servers} MailServerName */

/** What the packages want of a system that sends mail by itself, which these do not. */
const notNeeded = /^(exim4|db|gnutls-bin|gawk)|-(dev|data|doc)$/;

/**
 * Where the servers are unpacked. A test that runs as root starts them as
 * somebody else, who has to be able to get there.
 */
export function serversFolder() {
  const own = join(root, '.cache/mail-servers');
  return process.getuid?.() !== 0 || isOpenToAll(root) ? own : join(tmpdir(), 'mailseal-mail-servers');
}

/**
 * Whether everybody may go through a folder and all those above it.
 *
 * @param {string} folder
 * @returns {boolean}
 */
function isOpenToAll(folder) {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || isOpenToAll(dirname(folder));
}

/**
 * Whether a server is unpacked.
 *
 * @param {MailServerName} name
 * @returns {boolean}
 */
export function isUnpacked(name) {
  return existsSync(join(serversFolder(), 'root', servers[name].program));
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {string} what it printed
 */
function outputOf(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trimEnd()}`);
  return stdout;
}

/**
 * The packages that this system would need for a server, its own included.
 *
 * @param {readonly string[]} packages
 * @param {string} cwd
 */
function missingPackages(packages, cwd) {
  // A simulation needs no rights, and tells what is missing without touching what is there.
  const simulated = outputOf(
    'apt-get',
    ['-s', 'install', '-qq', '--no-install-recommends', ...packages],
    cwd,
  );
  const missing = [...simulated.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
  return [...packages, ...missing.filter((name) => !notNeeded.test(name))];
}

/**
 * Fetches and unpacks all servers, where that is not done yet.
 *
 * @param {{ update?: boolean }} [options] update: whether to fetch the lists of packages first
 */
function setup({ update = false } = {}) {
  const names = /** @type {MailServerName[]} */ (Object.keys(servers));
  if (names.every(isUnpacked)) return;
  const folder = serversFolder();
  // Made aside and put in its place whole: a run that was cut off leaves nothing behind that looks complete.
  const making = `${folder}.${process.pid}`;
  const packages = join(making, 'packages');
  rmSync(making, { recursive: true, force: true });
  mkdirSync(packages, { recursive: true });
  try {
    if (update) outputOf('apt-get', ['update', '-qq'], making);
    const wanted = new Set(names.flatMap((name) => missingPackages(servers[name].packages, making)));
    outputOf('apt-get', ['download', '-qq', ...wanted], packages);
    for (const file of readdirSync(packages)) {
      outputOf('dpkg-deb', ['-x', join(packages, file), join(making, 'root')], making);
    }
    rmSync(packages, { recursive: true });
    const library = join(making, 'root/usr/lib');
    // Below base_dir: of all that Dovecot loads, only its TLS module is at a place that no setting says.
    changePath(
      join(library, 'dovecot'),
      /^libdovecot\.so\.[\d.]{3,}$/,
      '/usr/lib/dovecot/modules',
      'modules',
    );
    // Below the folder of mail, too: who asks whether a password is right, and is answered by the test.
    changePath(library, /^libcourierauth\.so\.[\d.]{3,}$/, '/run/courier/autthdaemon/socket', './passwords');
    // Exim asks the system for the user that its package makes, even where its configuration names another.
    changePath(join(making, 'root/usr/sbin'), /^exim4$/, 'Debian-exim', 'mail');
    // The tests run it as somebody, never as root.
    chmodSync(join(making, 'root/usr/sbin/exim4'), 0o755);
    // Below the folder of mail: Courier watches folders through it.
    for (const architecture of readdirSync(library).filter((name) => name.endsWith('-linux-gnu'))) {
      changePath(
        join(library, architecture),
        /^lib(fam|gamin-1)\.so\.[\d.]{3,}$/,
        '/usr/libexec/gam_server',
        './gam_server',
      );
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/**
 * Has a library look elsewhere for something that is not installed.
 *
 * @param {string} folder
 * @param {RegExp} name of the library
 * @param {string} from the path that is compiled in
 * @param {string} to not longer than that
 */
function changePath(folder, name, from, to) {
  for (const file of readdirSync(folder).filter((each) => name.test(each))) {
    const octets = readFileSync(join(folder, file));
    const at = octets.indexOf(`${from}\0`);
    if (at < 0) throw new Error(`${file} does not name ${from}`);
    octets.write(`${to}\0`, at);
    writeFileSync(join(folder, file), octets);
  }
}

if (isMain(import.meta.url)) {
  try {
    try {
      setup();
    } catch {
      // The lists of packages may be absent or name what the mirror no longer has.
      setup({ update: true });
    }
    console.log(`Dovecot, Courier, Cyrus, Exim, maildrop and altermime are in ${serversFolder()}`);
  } catch (error) {
    console.error(`mail-servers: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
