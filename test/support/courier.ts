import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';
import {
  account,
  daemon,
  environment,
  listening,
  MAIL_USER,
  type MailDaemon,
  makeFolder,
  portOf,
  removeFolder,
  root,
} from './mail-daemon.js';

/** What Courier's imapd is told by the script that otherwise starts it. */
const courierSettings = {
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
 * Courier, IMAP and POP3. Each connection is the standard input and output of
 * a process of its own.
 *
 * @param options.login - has {@link MAIL_USER} log in; otherwise that is done
 *   already (PREAUTH).
 */
export async function startCourier(options: { readonly login?: boolean } = {}): Promise<MailDaemon> {
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
  const settings =
    options.login === true
      ? {
          ...courierSettings,
          IMAP_CAPABILITY: `${courierSettings.IMAP_CAPABILITY} AUTH=PLAIN AUTH=CRAM-MD5`,
          POP3AUTH: 'PLAIN CRAM-MD5',
          TCPREMOTEIP: '127.0.0.1',
          TCPREMOTEPORT: '0',
        }
      : { ...courierSettings, AUTHENTICATED: MAIL_USER.name };
  const children = new Set<ChildProcess>();
  const passwords =
    options.login === true ? await answerPasswords(join(folder, 'passwords'), folder) : undefined;
  const own = { ...environment, HOME: folder, GAM_CLIENT_ID: basename(folder) };
  const keep = (child: ChildProcess): void => {
    children.add(child);
    child.once('exit', () => children.delete(child));
  };
  const first = await startWatching(() =>
    spawn(join(root, 'usr/bin/imapd'), ['Maildir'], {
      cwd: folder,
      env: { ...own, ...courierSettings, AUTHENTICATED: MAIL_USER.name },
      stdio: ['pipe', 'pipe', 'ignore'],
      ...asUser,
    }),
  );
  keep(first);
  const serve = (program: string, login: string): Promise<Server> =>
    listening(
      createServer({ pauseOnConnect: true }, (socket) => {
        const served = join(root, program);
        const [command = served, ...rest] =
          options.login === true ? [join(root, login), served, 'Maildir'] : [served, 'Maildir'];
        const child = spawn(command, rest, {
          cwd: folder,
          env: { ...own, ...settings },
          stdio: [socket, socket, 'ignore'],
          ...asUser,
        });
        // From here on the socket is the child's alone.
        socket.destroy();
        keep(child);
      }),
    );
  const imap = await serve('usr/bin/imapd', 'usr/lib/courier/courier/imaplogin');
  const pop3 = await serve(
    'usr/lib/courier/courier/courierpop3d',
    'usr/lib/courier/courier/courierpop3login',
  );
  const stop = async (): Promise<void> => {
    imap.close();
    pop3.close();
    passwords?.close();
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

/**
 * Starts a first process, which starts the daemon that watches files; both stay.
 * Where that takes too long the greeting begins with an alert instead of PREAUTH,
 * so that on a busy machine the tests' own connections could.
 */
async function startWatching(start: () => ChildProcess): Promise<ChildProcess> {
  for (let tries = 1; ; tries++) {
    const child = start();
    const greeting = await new Promise<string>((done) => {
      child.stdout?.once('data', (octets: Buffer) => done(octets.toString('latin1')));
      child.once('exit', () => done(''));
    });
    if (greeting.startsWith('* PREAUTH')) return child;
    child.kill();
    if (tries === 20) throw new Error(`Courier does not begin: ${greeting}`);
  }
}

/**
 * Answers whether a password is right, as Courier's authdaemond does on a UNIX
 * socket: to `AUTH n`, a line end and n octets (service, kind, then what the
 * kind wants, each on a line of its own) with the account or FAIL.
 */
function answerPasswords(path: string, home: string): Promise<Server> {
  const { uid, gid } = account();
  const server = createServer((socket) => {
    let asked = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      asked += text;
      const [, length, rest = ''] = /(?:^|\n)AUTH (\d+)\n([\s\S]*)$/.exec(asked) ?? [];
      if (length === undefined || rest.length < Number(length)) return;
      const [, kind = '', first = '', second = ''] = rest.split('\n');
      socket.end(
        isRight(kind, first, second)
          ? `UID=${uid}\nGID=${gid}\nHOME=${home}\nADDRESS=${MAIL_USER.name}\nMAILDIR=${home}/Maildir\n.\n`
          : 'FAIL\n',
      );
    });
    socket.on('error', () => socket.destroy());
  });
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(path, () => {
      chmodSync(path, 0o777);
      done(server);
    });
  });
}

function isRight(kind: string, first: string, second: string): boolean {
  const { name, password } = MAIL_USER;
  if (kind === 'login') return first === name && second === password;
  if (kind !== 'cram-md5') return false;
  const challenge = Buffer.from(first, 'base64');
  const answer = `${name} ${createHmac('md5', password).update(challenge).digest('hex')}`;
  return Buffer.from(second, 'base64').toString('latin1') === answer;
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
