import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailseal, main } from './support.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailseal-decode-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (stdout: string): unknown[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);

describe('imap-decode', () => {
  test('prints responses, what could not be parsed, and long literals by their length', () => {
    const input = Buffer.concat([
      Buffer.from(
        '* OK ready\r\n* 2 FETCH (UID 7 MODSEQ (9007199254740993) ENVELOPE (NIL "caf\u00e9" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n',
        'latin1',
      ),
      Buffer.from('* LIST () "/" &Jjo-\r\n* 3 FETCH (UID x)\r\n* 4 FETCH (BODY[] {1048577}\r\n'),
      Buffer.alloc(1048577, 'x'),
      Buffer.from(')\r\nA1 OK done\r\n'),
    ]);
    const { status, stdout } = mailseal(['imap-decode'], { input });
    expect(status).toBe(3);
    expect(lines(stdout)).toMatchObject([
      { event: 'response', type: 'OK', text: 'ready' },
      {
        type: 'FETCH',
        number: 2,
        uid: 7,
        modseq: '9007199254740993',
        envelope: { subject: { base64: 'Y2Fm6Q==' } },
      },
      { type: 'LIST', mailbox: '☺' },
      { event: 'unparsed', code: 'imap-malformed' },
      { event: 'literal', length: 1048577, head: '* 4 FETCH (BODY[] ' },
      { type: 'FETCH', number: 4 },
      { type: 'OK', tag: 'A1', text: 'done' },
    ]);
  });

  test('a reader that goes away is no fault', () => {
    const file = join(folder, 'long');
    writeFileSync(file, `* OK ${'x'.repeat(70)}\r\n`.repeat(20_000));
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', '"$0" "$1" imap-decode "$2" | head -n 1', process.execPath, main, file],
      { encoding: 'utf8' },
    );
    expect([status, stderr, lines(stdout).length]).toEqual([0, '', 1]);
  });

  test('prints commands without passwords', () => {
    const input = 'A1 LOGIN anna geheim\r\nA2 AUTHENTICATE PLAIN AGFubmEAZ2VoZWlt\r\nA3 SELECT "a b"\r\n';
    const { status, stdout } = mailseal(['imap-decode', '--client'], { input });
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/geheim|Z2VoZWlt/);
    expect(lines(stdout)).toMatchObject([
      { event: 'command', tag: 'A1', name: 'LOGIN', user: 'anna', password: '(not shown)' },
      { tag: 'A2', name: 'AUTHENTICATE', mechanism: 'PLAIN' },
      { tag: 'A3', name: 'SELECT', mailbox: 'a b' },
    ]);
  });

  test('prints nothing of what may be a password, however it is written', () => {
    const commands = [
      'A1  LOGIN anna geheim',
      'A+1 LOGIN an geheim',
      'A1 "LOGIN" an geheim',
      'A1 AUTHENTICATE "PLAIN" geheim',
      'A1 LOGON anna geheim',
      'LOGIN anna geheim',
      'anna geheim',
      'A1 LOGIN anna geheim {1048577+}',
    ];
    const { status, stdout } = mailseal(['imap-decode', '--client'], {
      input: `${commands.join('\r\n')}\r\n`,
    });
    expect(status).toBe(3);
    expect(stdout).not.toContain('geheim');
    expect(lines(stdout)).toMatchObject([
      { event: 'unparsed' },
      { event: 'unparsed' },
      { event: 'unparsed' },
      { event: 'unparsed' },
      { event: 'command', tag: 'A1', name: 'other', command: '(not shown)', values: '(not shown)' },
      { event: 'command', tag: 'LOGIN', name: 'other', command: '(not shown)' },
      { event: 'command', tag: 'anna', name: 'other', command: '(not shown)' },
      { event: 'literal', length: 1048577, head: '(not shown)' },
      { event: 'unparsed' },
    ]);
  });
});

describe('pop3-decode', () => {
  const server =
    '+OK ready <1@a.example>\r\n+OK\r\n+OK logged in\r\n+OK 2 320\r\n+OK\r\n1 120\r\n2 200\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n.\r\n-ERR no\r\n+OK\r\nSubject: x\r\n\r\n..\r\n.\r\n+OK bye\r\n';
  const client = 'USER anna\r\nPASS geheim\r\nSTAT\r\nLIST\r\nUIDL\r\nRETR 9\r\nRETR 1\r\nQUIT\r\n';

  test('by what the client sent', () => {
    const file = join(folder, 'client');
    writeFileSync(file, client);
    const { status, stdout } = mailseal(['pop3-decode', '--client', file], { input: server });
    expect(status).toBe(0);
    expect(stdout).not.toContain('geheim');
    const events = lines(stdout) as Record<string, unknown>[];
    expect(events.filter(({ event }) => event === 'data')).toEqual([
      { event: 'data', type: 'mailbox', messages: 2, size: 320 },
      { event: 'data', type: 'listing', message: 1, size: 120 },
      { event: 'data', type: 'listing', message: 2, size: 200 },
      { event: 'data', type: 'unique-id', message: 1, uid: 'a' },
      { event: 'data', type: 'unique-id', message: 2, uid: 'b' },
    ]);
    expect(events.filter(({ event }) => event === 'end')).toContainEqual({
      event: 'end',
      length: 17,
      octets: { text: 'Subject: x\r\n\r\n.\r\n' },
    });
    expect(events.filter(({ event }) => event === 'status')).toHaveLength(9);
  });

  test('by guessing', () => {
    const { status, stdout } = mailseal(['pop3-decode'], { input: server });
    expect(status).toBe(0);
    const events = lines(stdout) as Record<string, unknown>[];
    expect(events.filter(({ event }) => event === 'status')).toHaveLength(9);
    expect(events.filter(({ event }) => event === 'data')).toHaveLength(4);
    expect(stdout).toContain('Subject: x');
  });

  test('an exchange of AUTH, with and without the client’s lines', () => {
    const input = '+OK\r\n+ PDE+\r\n+ YQ==\r\n+OK in\r\n+OK 0 0\r\n';
    const file = join(folder, 'auth');
    writeFileSync(file, 'AUTH CRAM-MD5\r\nbWUgeA==\r\nYg==\r\nSTAT\r\n');
    for (const args of [['pop3-decode'], ['pop3-decode', '--client', file]]) {
      const { status, stdout } = mailseal(args, { input });
      expect([
        status,
        lines(stdout).filter((line) => (line as { event: string }).event === 'continuation').length,
      ]).toEqual([0, 2]);
    }
  });

  test('shows nothing of lines that may hold a password', () => {
    const file = join(folder, 'secrets');
    writeFileSync(
      file,
      'PASS\thunter2\r\nXAUTH anna hunter2\r\nAUTH PLAIN AGFubmEAaHVudGVyMg\r\nAGFubmEAaHVudGVyMg==\r\n',
    );
    const { stdout } = mailseal(['pop3-decode', '--client', file], {
      input: '+OK\r\n-ERR\r\n-ERR\r\n-ERR\r\n-ERR\r\n',
    });
    expect(stdout).not.toMatch(/hun|AGFU/i);
    expect(lines(stdout)).toHaveLength(10);
  });

  test('wrong usage, and a stream that ends too early', () => {
    expect(mailseal(['pop3-decode', '--client', '-'], { input: '' }).status).toBe(2);
    expect(mailseal(['pop3-decode', 'none'], { input: '' }).status).toBe(2);
    expect(mailseal(['imap-decode', 'none'], { input: '' }).status).toBe(2);
    expect(mailseal(['pop3-decode'], { input: '+OK\r\n+OK\r\nhalf' }).status).toBe(3);
  });
});
