// Clients that nearly every machine has, against the example server: Python's imaplib and curl.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveImap } from '../../examples/imap-server.js';
import { describeProgram } from '../support/programs.js';

const user = 'anna';
const password = 'se"cr\\et';
const tea = 'From: Bob <bob@example.jp>\r\nSubject: Tea at nine\r\n\r\nTwo cups.\r\n';
const folder = mkdtempSync(join(tmpdir(), 'imap-clients-'));
let server: Server;
let port = 0;

beforeAll(async () => {
  mkdirSync(join(folder, 'Old'));
  writeFileSync(join(folder, 'tea.eml'), tea);
  server = await serveImap({ folder, user, password });
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  server.close();
  await once(server, 'close');
  rmSync(folder, { recursive: true, force: true });
});

/** What a program prints. The server is in this process, which has to go on meanwhile. */
async function run(
  program: string,
  args: readonly string[],
  input = '',
  expected: { readonly status: number; readonly complaints: string } = { status: 0, complaints: '' },
): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let printed = '';
  let complaints = '';
  child.stdout.on('data', (octets: Buffer) => {
    printed += octets.toString('latin1');
  });
  child.stderr.on('data', (octets: Buffer) => {
    complaints += octets.toString('latin1');
  });
  child.stdin.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  expect({ status, complaints }).toEqual(expected);
  return printed;
}

/** Each line is one answer of the server, as imaplib hands it out. */
const script = String.raw`
import imaplib, json, sys
port, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
def tell(name, answer):
    def plain(value):
        if isinstance(value, bytes): return value.decode('latin1')
        if isinstance(value, (list, tuple)): return [plain(each) for each in value]
        return value
    print(json.dumps([name, plain(answer)]))
client = imaplib.IMAP4('127.0.0.1', port)
tell('login', client.login(user, password))
tell('list', client.list('""', '*'))
tell('create', client.create('"&U,BTFw- x"'))
tell('status', client.status('"&U,BTFw- x"', '(MESSAGES UIDNEXT)'))
tell('append', client.append('"&U,BTFw- x"', r'(\Seen $Kept)', '"05-Jan-2026 09:00:00 +0900"', b'Subject: a {3}\r\n\r\nb \xff\r\n'))
tell('select', client.select('"&U,BTFw- x"'))
tell('fetch', client.fetch('1', '(FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])'))
tell('header', client.uid('FETCH', '1:*', '(BODY.PEEK[HEADER.FIELDS (Subject "From")])'))
tell('partial', client.fetch('1', 'BODY.PEEK[TEXT]<0.2>'))
tell('store', client.store('1', '+FLAGS.SILENT', r'\Flagged'))
tell('search', client.search(None, 'FLAGGED', 'NOT', 'DELETED', 'SUBJECT', '"a {3}"'))
client.literal = 'é'.encode()
tell('charset', client.search('UTF-8', 'BODY'))
tell('uid search', client.uid('SEARCH', None, 'OR', '(UID 1:* SEEN)', 'HEADER', 'Subject', '""'))
tell('copy', client.uid('COPY', '1', 'Old'))
tell('delete', client.store('1', '+FLAGS', r'(\Deleted)'))
tell('expunge', client.expunge())
tell('noop', client.noop())
tell('close', client.close())
tell('rename', client.rename('Old', 'Older'))
tell('delete', client.delete('"&U,BTFw- x"'))
try:
    client.xatom('XNONE', '(a)')
except imaplib.IMAP4.error as error:
    tell('unknown', 'BAD' in str(error))
tell('logout', client.logout()[0])
`;

describeProgram('python3', () => {
  test('imaplib does what it knows', async () => {
    const printed = await run('python3', ['-', String(port), user, password], script);
    const answers = printed
      .replaceAll(/"\[(?:CAPABILITY|APPENDUID)[^\]]*\] /g, '"')
      .replaceAll(/INTERNALDATE \\"[^"]*"/g, 'INTERNALDATE')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as [name: string, answer: unknown]);
    expect(answers).toEqual([
      ['login', ['OK', ['Welcome']]],
      ['list', ['OK', ['(\\HasNoChildren) "/" INBOX', '(\\HasNoChildren) "/" Old']]],
      ['create', ['OK', ['CREATE completed']]],
      ['status', ['OK', ['"&U,BTFw- x" (MESSAGES 0 UIDNEXT 1)']]],
      ['append', ['OK', ['APPEND completed']]],
      ['select', ['OK', ['1']]],
      [
        'fetch',
        [
          'OK',
          [
            [
              '1 (FLAGS (\\Seen $Kept) INTERNALDATE RFC822.SIZE 23 BODY[] {23}',
              'Subject: a {3}\r\n\r\nb \xff\r\n',
            ],
            ')',
          ],
        ],
      ],
      [
        'header',
        ['OK', [['1 (UID 1 BODY[HEADER.FIELDS (Subject From)] {18}', 'Subject: a {3}\r\n\r\n'], ')']],
      ],
      ['partial', ['OK', [['1 (BODY[TEXT]<0> {2}', 'b '], ')']]],
      ['store', ['OK', [null]]],
      ['search', ['OK', ['1']]],
      ['charset', ['OK', ['']]],
      ['uid search', ['OK', ['1']]],
      ['copy', ['OK', [null]]],
      ['delete', ['OK', ['1 (FLAGS (\\Seen $Kept \\Flagged \\Deleted))']]],
      ['expunge', ['OK', ['1']]],
      ['noop', ['OK', ['NOOP completed']]],
      ['close', ['OK', ['CLOSE completed']]],
      ['rename', ['OK', ['RENAME completed']]],
      ['delete', ['OK', ['DELETE completed']]],
      ['unknown', true],
      ['logout', 'BYE'],
    ]);
  });
});

describeProgram('curl', () => {
  const curl = (...args: readonly string[]): Promise<string> =>
    run('curl', ['--silent', '--show-error', '--max-time', '20', '--user', `${user}:${password}`, ...args]);
  const url = (path: string): string => `imap://127.0.0.1:${port}/${path}`;

  test('curl lists, fetches, searches and appends', async () => {
    expect(await curl(url(''))).toContain('* LIST (\\HasNoChildren) "/" INBOX\r\n');
    expect(await curl(url('INBOX;UID=1'))).toBe(tea);
    expect(await curl(url('INBOX;MAILINDEX=1;SECTION=TEXT'))).toBe('Two cups.\r\n');
    expect(await curl(url('INBOX?SUBJECT%20%22tea%20at%22'))).toBe('* SEARCH 1\r\n');
    const file = join(folder, 'to-append');
    writeFileSync(file, 'Subject: {5}\r\n\r\n* OK done {5}\r\n');
    await curl('--upload-file', file, url('INBOX'));
    expect(await curl(url('INBOX;UID=2;SECTION=TEXT'))).toBe('* OK done {5}\r\n');
  });

  test('curl logs in with AUTHENTICATE, and is refused with a wrong password', async () => {
    const plain = ['--login-options', 'AUTH=PLAIN', url('INBOX'), '--request', 'NOOP'];
    expect(await curl(...plain)).toBe('');
    const wrong = ['--silent', '--show-error', '--user', `${user}:wrong`, ...plain];
    await run('curl', wrong, '', { status: 67, complaints: 'curl: (67) Login denied\n' });
  });
});
