import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isUnpacked, serversFolder } from '../../tools/mail-servers.mjs';
import { describeWith } from './requirement.js';

/** Where a server listens on loopback. */
interface Ports {
  readonly imapPort: number;
  readonly pop3Port: number;
}

/** A server for the tests of one file; whoever starts it stops it. */
export interface MailDaemon extends Ports {
  /** The certificate that it shows in TLS, in PEM. */
  readonly certificate?: string;
  /** A connection of one's own. */
  open(protocol: 'imap' | 'pop3'): Promise<Socket>;
  /** Ends the server and all connections, and removes its mail. */
  stop(): Promise<void>;
}

/** Who has mail on a {@link MailDaemon}. */
export const MAIL_USER = { name: 'anna', password: 'se"cr\\et' } as const;

/** Declares tests that talk to one of the servers that `tools/mail-servers.mjs` unpacks. */
export function describeMailServer(name: 'dovecot' | 'courier' | 'cyrus', declare: () => void): void {
  describeWith(`mail server ${name}`, isUnpacked(name), declare);
}

const root = join(serversFolder(), 'root');

const libraries = [
  'usr/lib',
  'usr/lib/x86_64-linux-gnu',
  'lib/x86_64-linux-gnu',
  'usr/lib/aarch64-linux-gnu',
  'lib/aarch64-linux-gnu',
  'usr/lib/dovecot',
  'usr/lib/dovecot/modules',
  'usr/lib/dovecot/modules/old-stats',
  'usr/lib/x86_64-linux-gnu/courier-authlib',
  'usr/lib/aarch64-linux-gnu/courier-authlib',
].map((path) => join(root, path));

const environment = {
  PATH: process.env['PATH'],
  TZ: 'UTC',
  LD_LIBRARY_PATH: libraries.join(':'),
  SASL_PATH: [
    join(root, 'usr/lib/x86_64-linux-gnu/sasl2'),
    join(root, 'usr/lib/aarch64-linux-gnu/sasl2'),
  ].join(':'),
};

/** Who a server runs as: whoever runs the tests, and `mail` for root, whom they refuse. */
function account(): {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly group: string;
} {
  const uid = process.getuid?.() ?? 0;
  const own = uid === 0 ? 'mail' : userInfo().username;
  const line = linesOf('/etc/passwd').find(([name]) => name === own);
  if (line === undefined) throw new Error(`there is no user ${own} to run a mail server as`);
  const gid = Number(line[3]);
  const group = linesOf('/etc/group').find((fields) => Number(fields[2]) === gid)?.[0];
  if (group === undefined) throw new Error(`the group ${gid} has no name`);
  return { name: own, uid: Number(line[2]), gid, group };
}

function linesOf(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}

/** A folder of a server's own that it may write to. */
function makeFolder(...inside: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailseal-mail-'));
  chmodSync(folder, 0o755);
  const { uid, gid } = account();
  chownSync(folder, uid, gid);
  for (const path of inside) {
    mkdirSync(join(folder, path));
    chownSync(join(folder, path), uid, gid);
  }
  return folder;
}

/** A TCP port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = await listening(createServer());
  const port = portOf(server);
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts a server on ports that are free, and on others where somebody takes these before it does. */
async function onFreePorts(start: (ports: Ports) => Promise<MailDaemon>): Promise<MailDaemon> {
  for (let tries = 1; ; tries++) {
    try {
      return await start({ imapPort: await freePort(), pop3Port: await freePort() });
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

function listening(server: Server): Promise<Server> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => done(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on TCP');
  return address.port;
}

/** Waits until a server greets on a port. */
async function untilGreets(port: number, hasEnded: () => boolean): Promise<void> {
  const until = performance.now() + 20_000;
  while (performance.now() < until && !hasEnded()) {
    const greets = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.setTimeout(2000, () => socket.destroy());
      socket.once('data', () => {
        done(true);
        socket.destroy();
      });
      socket.once('error', () => done(false));
      socket.once('close', () => done(false));
    });
    if (greets) return;
    await wait(25);
  }
  throw new Error(`no greeting on port ${port}`);
}

/**
 * Starts a daemon in the foreground. It is killed when this process ends,
 * however that happens: then the standard input of the shell around it closes.
 */
async function startDaemon(folder: string, command: readonly string[], ports: Ports): Promise<MailDaemon> {
  const { uid, gid } = account();
  const watched = 'setsid "$@" </dev/null & daemon=$!; cat >/dev/null; kill -TERM $daemon; wait $daemon';
  const child = spawn('sh', ['-c', watched, 'sh', ...command], {
    cwd: folder,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 ? { uid, gid } : {}),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
    removeFolder(folder);
  };
  try {
    await untilGreets(ports.imapPort, () => hasEnded);
    await untilGreets(ports.pop3Port, () => hasEnded);
  } catch (cause) {
    let log = '';
    try {
      log = readFileSync(join(folder, 'log'), 'utf8');
    } catch {
      // Only Dovecot writes one.
    }
    await stop();
    throw new Error(`${command[0]} did not start: ${said}${log}`, { cause });
  }
  return daemon(ports, stop);
}

function daemon(ports: Ports, stop: () => Promise<void>): MailDaemon {
  const open = (protocol: 'imap' | 'pop3'): Promise<Socket> =>
    new Promise((done, failed) => {
      const socket = connect(protocol === 'imap' ? ports.imapPort : ports.pop3Port, '127.0.0.1');
      socket.once('error', failed);
      socket.once('connect', () => done(socket.setNoDelay(true)));
    });
  return { ...ports, open, stop };
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/**
 * Dovecot with LOGIN and AUTHENTICATE, IMAP and POP3.
 *
 * @param options.tls - has it offer STARTTLS and STLS, with a certificate that nobody trusts (made by `openssl`).
 */
export async function startDovecot(options: { readonly tls?: boolean } = {}): Promise<MailDaemon> {
  return await onFreePorts((ports) => dovecotOn(ports, options));
}

async function dovecotOn(ports: Ports, options: { readonly tls?: boolean }): Promise<MailDaemon> {
  const folder = makeFolder('run', 'state', 'mail');
  const { name, uid, gid, group } = account();
  const password = MAIL_USER.password;
  if (options.tls === true) makeCertificate(folder);
  writeFileSync(join(folder, 'passwords'), `${MAIL_USER.name}:{PLAIN}${password}\n`);
  // Where the unpacked library looks for its TLS module: see tools/mail-servers.mjs.
  symlinkSync(join(root, 'usr/lib/dovecot/modules'), join(folder, 'run/modules'));
  const own = (service: string, port: string): string =>
    `service ${service}-login {
  chroot =
  inet_listener ${service} {
    port = ${port}
  }
  inet_listener ${service}s {
    port = 0
  }
}`;
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
libexec_dir = ${root}/usr/lib/dovecot
import_environment = TZ LD_LIBRARY_PATH=${environment.LD_LIBRARY_PATH}
protocols = imap pop3
listen = 127.0.0.1
${
  options.tls === true
    ? `ssl = yes
ssl_cert = <${folder}/certificate.pem
ssl_key = <${folder}/key.pem`
    : 'ssl = no'
}
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 digest-md5 apop external anonymous
auth_username_chars =
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
default_login_user = ${name}
default_internal_user = ${name}
default_internal_group = ${group}
mail_location = maildir:${folder}/mail/%u/Maildir
mail_attribute_dict = file:${folder}/mail/%u/attributes
mail_plugin_dir = ${root}/usr/lib/dovecot/modules
mail_plugins = acl quota zlib
imap_metadata = yes
mailbox_list_index = yes
namespace inbox {
  inbox = yes
  separator = /
  mailbox Drafts {
    special_use = \\Drafts
    auto = create
  }
}
protocol imap {
  mail_plugins = acl imap_acl quota imap_quota zlib imap_zlib
}
plugin {
  acl = vfile
  quota = maildir:User quota
  quota_rule = *:storage=1G
}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${folder}/passwords
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/mail/%u
}
service anvil {
  chroot =
  # Without it nobody has to wait for having failed to log in.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap {
  process_min_avail = 1
}
${own('imap', String(ports.imapPort))}
${own('pop3', String(ports.pop3Port))}
`,
  );
  const configuration = join(folder, 'dovecot.conf');
  // Left to itself the master looks for doveconf in /usr/bin, where it is not.
  const doveconf = [
    join(root, 'usr/bin/doveconf'),
    '-f',
    'service=master',
    '-c',
    configuration,
    '-m',
    'master',
  ];
  const master = [join(root, 'usr/sbin/dovecot'), '-F', '-c', configuration];
  const started = await startDaemon(folder, [...doveconf, '-p', '-e', ...master], ports);
  if (options.tls !== true) return started;
  return { ...started, certificate: readFileSync(join(folder, 'certificate.pem'), 'utf8') };
}

/** Cyrus with LOGIN and AUTHENTICATE, IMAP and POP3. */
export async function startCyrus(): Promise<MailDaemon> {
  return await onFreePorts(cyrusOn);
}

async function cyrusOn(ports: Ports): Promise<MailDaemon> {
  const folder = makeFolder('conf', 'spool', 'proc', 'lock');
  const { name, uid, gid } = account();
  const programs = join(root, 'usr/lib/cyrus/bin');
  const configuration = join(folder, 'imapd.conf');
  writeFileSync(
    configuration,
    `configdirectory: ${folder}/conf
partition-default: ${folder}/spool
defaultpartition: default
cyrus_user: ${name}
admins: admin
servername: mail.example
unixhierarchysep: yes
altnamespace: yes
autocreate_post: yes
autocreate_quota: 1000000
autocreate_inbox_folders: Drafts
xlist-drafts: Drafts
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: ${folder}/sasldb2
sasl_mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256
allowplaintext: yes
allowapop: yes
munge8bit: no
failedloginpause: 0
imapidlepoll: 1
annotation_allow_undefined: yes
conversations: yes
idlesocket: ${folder}/idle
lmtpsocket: ${folder}/lmtp
notifysocket: ${folder}/notify
proc_path: ${folder}/proc
mboxname_lockpath: ${folder}/lock
`,
  );
  writeFileSync(
    join(folder, 'cyrus.conf'),
    `START {
  recover cmd="${programs}/ctl_cyrusdb -C ${configuration} -r"
  idled cmd="${programs}/idled -C ${configuration}"
}
SERVICES {
  imap cmd="${programs}/imapd -C ${configuration}" listen="127.0.0.1:${ports.imapPort}" prefork=1
  pop3 cmd="${programs}/pop3d -C ${configuration}" listen="127.0.0.1:${ports.pop3Port}" prefork=0
}
EVENTS {
}
`,
  );
  const asUser = process.getuid?.() === 0 ? { uid, gid } : {};
  const made = spawnSync(
    join(root, 'usr/sbin/saslpasswd2'),
    ['-f', join(folder, 'sasldb2'), '-u', 'mail.example', '-c', '-p', MAIL_USER.name],
    { input: MAIL_USER.password, env: environment, encoding: 'utf8', ...asUser },
  );
  if (made.status !== 0) throw new Error(`saslpasswd2: ${made.stderr}`, { cause: made.error });
  return await startDaemon(
    folder,
    [
      join(programs, 'master'),
      ...['-C', configuration, '-M', join(folder, 'cyrus.conf'), '-p', join(folder, 'master.pid')],
    ],
    ports,
  );
}

function makeCertificate(folder: string): void {
  const made = spawnSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-days', '2'],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')],
    ],
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`, { cause: made.error });
  const { uid, gid } = account();
  chownSync(join(folder, 'key.pem'), uid, gid);
}

/** What Courier's imapd is told by the script that otherwise starts it. */
const courierSettings = {
  AUTHENTICATED: MAIL_USER.name,
  IMAP_CAPABILITY:
    'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA ACL IDLE',
  IMAP_ACL: '1',
  IMAP_KEYWORDS: '1',
  IMAP_USELOCKS: '1',
  IMAP_ENHANCEDIDLE: '1',
  IMAP_IDLE_TIMEOUT: '60',
  IMAP_MAILBOX_SANITY_CHECK: '0',
  PROTOCOL: 'IMAP',
} as const;

/**
 * Courier, IMAP and POP3: {@link MAIL_USER} is authenticated already (PREAUTH).
 * Each connection is the standard input and output of a process of its own.
 */
export async function startCourier(): Promise<MailDaemon> {
  const folder = makeFolder();
  const { uid, gid } = account();
  const asUser = process.getuid?.() === 0 ? { uid, gid } : {};
  const made = spawnSync(join(root, 'usr/bin/maildirmake.courier'), ['Maildir'], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    ...asUser,
  });
  if (made.status !== 0) throw new Error(`maildirmake: ${made.stderr}`, { cause: made.error });
  // The daemon that watches files for it is looked for here: see tools/mail-servers.mjs.
  for (const place of ['gam_server', 'Maildir/gam_server']) {
    symlinkSync(join(root, 'usr/libexec/gam_server'), join(folder, place));
  }
  const children = new Set<ChildProcess>();
  const serve = (program: string): Promise<Server> =>
    listening(
      createServer({ pauseOnConnect: true }, (socket) => {
        const child = spawn(join(root, program), ['Maildir'], {
          cwd: folder,
          env: { ...environment, ...courierSettings, HOME: folder, GAM_CLIENT_ID: basename(folder) },
          stdio: [socket, socket, 'ignore'],
          ...asUser,
        });
        // From here on the socket is the child's alone.
        socket.destroy();
        children.add(child);
        child.once('exit', () => children.delete(child));
      }),
    );
  const imap = await serve('usr/bin/imapd');
  const pop3 = await serve('usr/lib/courier/courier/courierpop3d');
  const stop = async (): Promise<void> => {
    imap.close();
    pop3.close();
    await Promise.all(
      [...children].map(async (child) => {
        const ended = new Promise((done) => child.once('exit', done));
        child.kill();
        await ended;
      }),
    );
    killByEnvironment(`GAM_CLIENT_ID=${basename(folder)}`);
    removeFolder(folder);
  };
  return daemon({ imapPort: portOf(imap), pop3Port: portOf(pop3) }, stop);
}

/** Ends what a server has left behind: processes that still have a variable of its environment. */
function killByEnvironment(variable: string): void {
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${id}/environ`, 'latin1').split('\0').includes(variable))
        process.kill(Number(id));
    } catch {
      // It has ended by itself, or belongs to somebody else.
    }
  }
}
