import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { serversFolder } from '../../tools/mail-servers.mjs';

/** Where a server listens on loopback. */
export interface Ports {
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

export const root = join(serversFolder(), 'root');

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

export const environment = {
  PATH: process.env['PATH'],
  TZ: 'UTC',
  LD_LIBRARY_PATH: libraries.join(':'),
  SASL_PATH: [
    join(root, 'usr/lib/x86_64-linux-gnu/sasl2'),
    join(root, 'usr/lib/aarch64-linux-gnu/sasl2'),
  ].join(':'),
};

/** Who a server runs as: whoever runs the tests, and `mail` for root, whom they refuse. */
export function account(): {
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
export function makeFolder(...inside: string[]): string {
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
export async function onFreePorts(start: (ports: Ports) => Promise<MailDaemon>): Promise<MailDaemon> {
  for (let tries = 1; ; tries++) {
    try {
      return await start({ imapPort: await freePort(), pop3Port: await freePort() });
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

export function listening(server: Server): Promise<Server> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => done(server));
  });
}

export function portOf(server: Server): number {
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
export async function startDaemon(
  folder: string,
  command: readonly string[],
  ports: Ports,
): Promise<MailDaemon> {
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

export function daemon(ports: Ports, stop: () => Promise<void>): MailDaemon {
  const open = (protocol: 'imap' | 'pop3'): Promise<Socket> =>
    new Promise((done, failed) => {
      const socket = connect(protocol === 'imap' ? ports.imapPort : ports.pop3Port, '127.0.0.1');
      socket.once('error', failed);
      socket.once('connect', () => done(socket.setNoDelay(true)));
    });
  return { ...ports, open, stop };
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
