import { spawnSync } from 'node:child_process';
import { chownSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnpacked } from '../../tools/mail-servers.mjs';
import {
  account,
  environment,
  MAIL_USER,
  type MailDaemon,
  makeFolder,
  onFreePorts,
  type Ports,
  root,
  startDaemon,
} from './mail-daemon.js';
import { describeWith } from './requirement.js';

export { startCourier } from './courier.js';
export { MAIL_USER, type MailDaemon } from './mail-daemon.js';

/** Declares tests that talk to one of the servers that `tools/mail-servers.mjs` unpacks. */
export function describeMailServer(name: 'dovecot' | 'courier' | 'cyrus', declare: () => void): void {
  describeWith(`mail server ${name}`, isUnpacked(name), declare);
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
