import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { account, environment, makeFolder, removeFolder, root } from '../../support/mail-daemon.js';
import { outputOf } from '../../support/programs.js';
import { type Alter, inLf, octetsOf, textOf } from './octets.js';

/** Exim takes a message and delivers it into a mailbox file, from which it is read without undoing anything. */
export const exim: Alter = (octets) => {
  const folder = makeFolder('spool');
  const { name, uid, gid, group } = account();
  const program = join(root, 'usr/sbin/exim4');
  writeFileSync(
    join(folder, 'exim.conf'),
    `exim_path = ${program}
exim_user = ${name}
exim_group = ${group}
deliver_drop_privilege
spool_directory = ${folder}/spool
log_file_path = ${folder}/log.%s
primary_hostname = relay.example
keep_environment =
never_users =
local_from_check = false
begin routers
all:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  file = ${folder}/box
  mode = 0644
`,
  );
  try {
    const args = [
      '-C',
      join(folder, 'exim.conf'),
      '-odf',
      '-i',
      '-f',
      'taro@example.jp',
      'hanako@example.jp',
    ];
    const { error, stderr } = spawnSync(program, args, {
      input: textOf(octets).replaceAll('\r\n', '\n'),
      env: environment,
      encoding: 'latin1',
      ...(process.getuid?.() === 0 ? { uid, gid } : {}),
    });
    if (error !== undefined) throw error;
    let box: string;
    try {
      box = textOf(readFileSync(join(folder, 'box')));
    } catch (cause) {
      throw new Error(`Exim delivered nothing: ${stderr}`, { cause });
    }
    // The line that begins it, and the empty one that ends it, belong to the mailbox file.
    const message = box.slice(box.indexOf('\n') + 1).replace(/\n\n$/, '\n');
    return octetsOf(message.replaceAll('\n', '\r\n'));
  } finally {
    removeFolder(folder);
  }
};

/** Courier's rewriting of parts, as its mail server does it where the next one takes seven bits only, or eight. */
export function reformime(bits: '-r7' | '-r8'): Alter {
  return inLf((octets) =>
    outputOf(
      ['env', `LD_LIBRARY_PATH=${environment.LD_LIBRARY_PATH}`, join(root, 'usr/bin/reformime'), bits],
      octets,
    ),
  );
}

/** altermime puts a text below each text, as scanners do that call it. */
export function altermime(...options: readonly string[]): Alter {
  return (octets) => {
    const folder = mkdtempSync(join(tmpdir(), 'mailseal-altermime-'));
    try {
      const file = join(folder, 'message');
      writeFileSync(file, octets);
      writeFileSync(join(folder, 'footer'), '-- \r\nThis message was scanned.\r\n');
      const { error } = spawnSync(join(root, 'usr/bin/altermime'), [`--input=${file}`, ...options], {
        cwd: folder,
        env: environment,
      });
      if (error !== undefined) throw error;
      return readFileSync(file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}
