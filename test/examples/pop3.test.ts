import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchMail, lineOf } from '../../examples/pop3-fetch.js';
import { servePop3 } from '../../examples/pop3-server.js';
import { readMbox } from '../../src/mime/mbox/mbox.js';
import { parseCertificates } from '../../src/x509/certificate/certificate.js';
import { hardMails } from '../support/hard-mails.js';
import { describeProgram } from '../support/programs.js';

const vectors = fileURLToPath(new URL('../vectors/demo/', import.meta.url));
let folder: string;
let server: Server;
let port: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailseal-pop3-'));
  mkdirSync(join(folder, 'mail'));
  writeFileSync(join(folder, 'mail/1.eml'), readFileSync(join(vectors, 'signed.eml')));
  writeFileSync(join(folder, 'mail/2.eml'), 'Subject: dots\n\n.\n..\n.text\nFrom here on\n');
  Object.values(hardMails).forEach((mail, at) => {
    writeFileSync(join(folder, `mail/${3 + at}.eml`), mail);
  });
  server = await servePop3({ folder: join(folder, 'mail'), user: 'kitarou', password: 'nazo nazo' });
  ({ port } = server.address() as AddressInfo);
});

afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test('mail is fetched once, verified, and added to a mailbox file', async () => {
  const options = {
    host: '127.0.0.1',
    port,
    transport: 'plain',
    user: 'kitarou',
    password: 'nazo nazo',
    mbox: join(folder, 'mbox'),
    roots: parseCertificates(readFileSync(join(vectors, 'root.crt.pem'))),
    now: new Date('2027-01-01'),
  } as const;
  const fetched = await fetchMail(options);
  expect(fetched.map(({ report }) => report.verified)).toEqual([true, false, false, false, false, false]);
  expect(fetched[1]!.subject).toBe('dots');
  expect(await fetchMail(options)).toEqual([]);
  writeFileSync(join(folder, 'mail/9.eml'), 'Subject: later\n\nnew\n');
  expect((await fetchMail(options)).map(({ subject }) => subject)).toEqual(['later']);
  const messages = [...readMbox(readFileSync(options.mbox))];
  expect(messages).toHaveLength(7);
  expect(Buffer.from(messages[1]!.octets).toString()).toBe('Subject: dots\n\n.\n..\n.text\nFrom here on\n');
  await expect(fetchMail({ ...options, password: 'wrong' })).rejects.toThrow('the server says');
});

test('a server that does not know CAPA is told the name, then the password', async () => {
  const said: string[] = [];
  const replies: Record<string, string> = {
    CAPA: '-ERR what?',
    UIDL: '+OK\r\n1 same\r\n2 same\r\n.',
    RETR: `+OK\r\nSubject: =?utf-8?q?tea=0Averified=3A_pay=1B[31m=E2=80=AE?=\r\n\r\n.`,
  };
  const old = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('+OK hi\r\n');
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        said.push(line);
        socket.write(`${replies[line.slice(0, 4)] ?? '+OK'}\r\n`);
      }
    });
  });
  old.listen(0, '127.0.0.1');
  await once(old, 'listening');
  const options = {
    host: '127.0.0.1',
    port: (old.address() as AddressInfo).port,
    transport: 'plain',
    user: 'anna',
    password: 'secret',
    mbox: join(folder, 'mbox'),
    now: new Date('2027-01-01'),
  } as const;
  const fetched = await fetchMail(options);
  expect(said).toEqual(['CAPA', 'USER anna', 'PASS secret', 'UIDL', 'RETR 1', 'RETR 2', 'QUIT']);
  // A subject is no second line, and no colours.
  expect(fetched.map(lineOf)).toEqual(
    Array.from({ length: 2 }, () => 'not signed: tea\ufffdverified: pay\ufffd[31m\ufffd'),
  );
  // Two messages with one unique-id are two.
  replies['UIDL'] = '+OK\r\n1 same\r\n2 same\r\n3 same\r\n.';
  expect(await fetchMail(options)).toHaveLength(1);
  expect(readFileSync(`${options.mbox}.uids`, 'utf8')).toBe('same\nsame\nsame\n');
  replies['UIDL'] = '+OK\r\n1 other\r\n.';
  expect(await fetchMail(options)).toHaveLength(1);
  expect(readFileSync(`${options.mbox}.uids`, 'utf8')).toBe('other\n');
  old.close();
});

describeProgram('python3', () => {
  test('poplib of Python reads, lists and deletes on our server', async () => {
    const script = `
import json, poplib, sys
box = poplib.POP3('127.0.0.1', int(sys.argv[1]), timeout=20)
found = {'capa': sorted(box.capa()), 'welcome': box.getwelcome().decode()}
box.user('kitarou')
box.pass_('nazo nazo')
found['stat'] = box.stat()
found['list'] = [line.decode() for line in box.list()[1]]
found['uidl'] = [line.decode() for line in box.uidl()[1]]
found['one'] = box.uidl(2).decode()
found['retr'] = [b'\\n'.join(box.retr(n + 1)[1]).decode('latin1') for n in range(found['stat'][0])]
found['top'] = [line.decode() for line in box.top(2, 2)[1]]
found['noop'] = box.noop().decode()
box.dele(2)
box.rset()
box.dele(1)
try:
    box.retr(1)
except poplib.error_proto as error:
    found['gone'] = str(error)
box.quit()
print(json.dumps(found))
`;
    const { stdout } = await promisify(execFile)('python3', ['-c', script, String(port)]);
    const found = JSON.parse(stdout) as Record<string, unknown>;
    const files = readdirSync(join(folder, 'mail')).sort();
    const mails = ['1.eml', ...files].map((name) =>
      name === '1.eml'
        ? readFileSync(join(vectors, 'signed.eml'), 'latin1')
        : readFileSync(join(folder, 'mail', name), 'latin1'),
    );
    const lines = mails.map((mail) => mail.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
    expect(found).toMatchObject({
      capa: ['AUTH-RESP-CODE', 'PIPELINING', 'RESP-CODES', 'TOP', 'UIDL', 'USER'],
      welcome: '+OK mailseal example',
      stat: [lines.length, lines.join('').length],
      list: lines.map((mail, at) => `${at + 1} ${mail.length}`),
      top: ['Subject: dots', '', '.', '..'],
      noop: '+OK',
    });
    expect(found['retr']).toEqual(lines.map((mail) => mail.replaceAll('\r\n', '\n').replace(/\n$/, '')));
    expect((found['uidl'] as string[])[1]).toBe((found['one'] as string).replace('+OK ', ''));
    expect(String(found['gone'])).toContain('no such message');
    // QUIT removed it.
    expect(files).not.toContain('1.eml');
  });
});
