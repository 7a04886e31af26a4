// What the example server answers to commands that are seldom, and to clients that do not behave.
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serveImap } from '../../examples/imap-server.js';

let folder: string;
let server: Server;
const sockets: Socket[] = [];
/** The server's ends. */
const accepted: Socket[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailseal-imap-'));
  for (const name of ['1', '2', '3'])
    writeFileSync(join(folder, `${name}.eml`), `Subject: ${name}\n\n${name}\n`);
  server = await serveImap({ folder, user: 'anna', password: 'secret' });
  accepted.length = 0;
  server.on('connection', (socket) => accepted.push(socket));
});

afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

async function stop(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
}

/** A client that has logged in: gives what comes up to the end of a command. */
class Client {
  readonly socket: Socket;
  #text = '';
  #tags = 0;
  #more = () => {};

  constructor() {
    this.socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      this.#text += chunk.toString('latin1');
      this.#more();
    });
    this.socket.on('close', () => this.#more());
    sockets.push(this.socket);
  }

  static async open(): Promise<Client> {
    const client = new Client();
    await client.run('LOGIN anna secret');
    return client;
  }

  async run(command: string): Promise<string> {
    const tag = `t${++this.#tags}`;
    this.socket.write(`${tag} ${command}\r\n`);
    return this.until(new RegExp(`^${tag} .*\r\n`, 'm'));
  }

  async until(end: RegExp): Promise<string> {
    for (;;) {
      const found = end.exec(this.#text);
      if (found !== null) {
        const text = this.#text.slice(0, found.index + found[0].length);
        this.#text = this.#text.slice(text.length);
        return text;
      }
      if (this.socket.closed) throw new Error(`closed behind ${JSON.stringify(this.#text)}`);
      await new Promise<void>((more) => {
        this.#more = more;
      });
    }
  }

  async append(mailbox: string, mail: string): Promise<string> {
    return this.run(`APPEND ${mailbox} {${mail.length}+}\r\n${mail}`);
  }

  async uidValidity(mailbox: string): Promise<number> {
    return Number(/UIDVALIDITY (\d+)/.exec(await this.run(`STATUS ${mailbox} (UIDVALIDITY)`))![1]);
  }
}

describe('UIDVALIDITY', () => {
  test('is another each time for what is made, made again or renamed, and behind a restart', async () => {
    const seen: string[] = [];
    const keep = async (...names: readonly string[]) => {
      for (const name of names) seen.push(`${name} ${await client.uidValidity(name)}`);
    };
    let client = await Client.open();
    await client.run('CREATE b/c');
    await keep('INBOX', 'b', 'b/c');
    await client.run('DELETE b/c');
    await client.run('CREATE b/c');
    await keep('b/c');
    await client.append('b/c', 'A: 1\r\n\r\n1');
    await client.append('b/c', 'A: 2\r\n\r\n2');
    await client.run('SELECT b/c');
    await client.run('STORE 1 +FLAGS.SILENT (\\Deleted kept)');
    await client.run('STORE 2 +FLAGS.SILENT (kept)');
    await client.run('CLOSE');
    expect(await client.run('RENAME b d')).toContain('OK RENAME');
    await keep('d', 'd/c');
    await client.run('RENAME d b');
    await keep('b', 'b/c');
    await client.run('RENAME b d');
    await keep('d', 'd/c');
    // Nothing is in the way of what comes, and what was there has kept its flags.
    expect(await client.append('d/c', 'A: 3\r\n\r\n3')).toContain('OK [APPENDUID');
    await client.run('SELECT d/c');
    expect(await client.run('FETCH 1:* (UID FLAGS BODY.PEEK[TEXT])')).toMatch(
      /UID 2 FLAGS \(kept\) BODY\[TEXT\] \{1\}\r\n2\)\r\n.*UID 3 FLAGS \(\) BODY\[TEXT\] \{1\}\r\n3\)/,
    );
    await stop();
    server = await serveImap({ folder, user: 'anna', password: 'secret' });
    client = await Client.open();
    await keep('INBOX', 'd', 'd/c');
    expect(seen).toHaveLength(13);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('mailboxes', () => {
  test('that cannot be made are answered NO, and the session goes on', async () => {
    const client = await Client.open();
    for (const name of ['x'.repeat(300), 'INBOX/foo', 'inbox/foo', '../x', 'a.eml', 'INBOX', '.a']) {
      expect(await client.run(`CREATE "${name}"`)).toMatch(/^t\d+ NO/);
    }
    await client.run('CREATE a');
    for (const name of ['x'.repeat(300), 'INBOX/foo', 'Inbox/foo', 'a/b', '../x']) {
      expect(await client.run(`RENAME a "${name}"`)).toMatch(/^t\d+ NO/);
    }
    expect(await client.run('LIST "" *')).toContain('" a\r\n');
    expect(readdirSync(folder).sort()).toEqual(['.uidvalidity', '1.eml', '2.eml', '3.eml', 'a']);
  });

  test('a folder called as INBOX does not hide it', async () => {
    await stop();
    mkdirSync(join(folder, 'INBOX/foo'), { recursive: true });
    server = await serveImap({ folder, user: 'anna', password: 'secret' });
    const client = await Client.open();
    expect(await client.run('SELECT INBOX')).toContain('* 3 EXISTS');
    expect((await client.run('LIST "" *')).match(/^\* LIST/gm)).toHaveLength(1);
  });

  test('whose folder holds something else are not removed, nor are their messages', async () => {
    const client = await Client.open();
    await client.run('CREATE f');
    await client.append('f', 'A: 1\r\n\r\n1');
    writeFileSync(join(folder, 'f/notes.txt'), 'x');
    expect(await client.run('DELETE f')).toMatch(/^t\d+ NO/);
    expect(await client.run('STATUS f (MESSAGES)')).toContain('MESSAGES 1');
    rmSync(join(folder, 'f/notes.txt'));
    expect(await client.run('DELETE f')).toContain('OK DELETE');
    expect(existsSync(join(folder, 'f'))).toBe(false);
  });
});

describe('messages', () => {
  test('that another session has expunged are told as such', async () => {
    const [one, other] = [await Client.open(), await Client.open()];
    await one.run('SELECT INBOX');
    await other.run('SELECT INBOX');
    await other.run('STORE 1 +FLAGS.SILENT (\\Deleted)');
    await other.run('EXPUNGE');
    for (const command of ['FETCH 1 BODY.PEEK[]', 'SEARCH BODY x', 'COPY 1 INBOX']) {
      const answer = await one.run(command);
      expect(answer).toMatch(/^t\d+ NO \[EXPUNGEISSUED\]/m);
      // RFC 9051 §7.5.1: not while numbers are under way.
      expect(answer.includes('* 1 EXPUNGE')).toBe(command.startsWith('COPY'));
    }
    expect(await one.run('FETCH 1 BODY.PEEK[TEXT]')).toContain('OK FETCH');
  });

  test.each<[command: string, answer: RegExp]>([
    ['UID FETCH 1:20000000 FLAGS', /\* 3 FETCH .*\r\nt\d+ OK/],
    ['UID FETCH 4294967295:2 UID', /^\* 2 FETCH \(UID 2\)\r\n\* 3 FETCH \(UID 3\)\r\nt\d+ OK/],
    ['FETCH 1 (constructor)', /^t\d+ BAD/],
    ['FETCH 1 (UID X-GM-MSGID)', /^t\d+ BAD/],
    ['STORE 1 FLAGS (\\Recent)', /^t\d+ BAD/],
    ['STORE 1 +FLAGS (\\Nothing)', /^t\d+ BAD/],
    ['STORE 1 +FLAGS (\\seen $x)', /^\* 1 FETCH \(FLAGS \(\\seen \$x\)\)\r\nt\d+ OK/],
    ['APPEND INBOX (\\Recent) {4+}\r\nA: 1', /^t\d+ BAD/],
  ])('%j', async (command, answer) => {
    const client = await Client.open();
    await client.run('SELECT INBOX');
    expect(await client.run(command)).toMatch(answer);
    expect(await client.run('STATUS INBOX (MESSAGES)')).toContain('MESSAGES 3');
  });
});

test('a client that idles without reading, and goes, ends nothing but its own session', async () => {
  const [idle, busy] = [await Client.open(), await Client.open()];
  await idle.run('SELECT INBOX');
  idle.socket.write('i IDLE\r\n');
  await idle.until(/^\+ .*\r\n/m);
  idle.socket.pause();
  await busy.run('SELECT INBOX');
  const keywords = Array.from({ length: 20 }, (_, at) => `${at}${'k'.repeat(3000)}`).join(' ');
  let most = 0;
  for (let round = 0; round < 200; round++) {
    await busy.run(`STORE 1:* ${round % 2 === 0 ? '+' : '-'}FLAGS.SILENT (${keywords})`);
    most = Math.max(most, ...accepted.map((socket) => socket.writableLength));
  }
  expect(accepted).toHaveLength(2);
  // 200 rounds tell of 18 MB; what waits is one telling.
  expect(most).toBeLessThan(400_000);
  idle.socket.resetAndDestroy();
  await once(idle.socket, 'close');
  expect(await busy.run('NOOP')).toContain('OK NOOP');
  const another = await Client.open();
  expect(await another.run('SELECT INBOX')).toContain('OK');
});
