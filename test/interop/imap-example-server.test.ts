// The example server, as other clients than imapflow see it.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ImapConnection } from '../../examples/imap-connection.js';
import { serveImap } from '../../examples/imap-server.js';
import { verifyMailbox } from '../../examples/imap-verify.js';
import { parseCertificates } from '../../src/x509/certificate/certificate.js';
import { describeProgram } from '../support/programs.js';

const user = 'anna';
const password = 'se"cr\\et';
const demo = new URL('../vectors/demo/', import.meta.url);
let folder: string;
let server: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailseal-imap-'));
  writeFileSync(join(folder, '1.eml'), readFileSync(new URL('signed.eml', demo)));
  writeFileSync(join(folder, '2.eml'), 'Subject: plain\n\nhello\n');
  server = await serveImap({ folder, user, password });
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

test('ours logs in with SCRAM, and verifies what is signed from its sections', async () => {
  const connection = await ImapConnection.open({ host: '127.0.0.1', port, transport: 'plain' });
  await connection.logIn({ user, password });
  const roots = parseCertificates(readFileSync(new URL('root.crt.pem', demo)));
  const verified = [];
  for await (const message of verifyMailbox(connection, 'INBOX', { roots, at: new Date('2027-01-01') })) {
    verified.push([message.uid, message.report.verified, message.fellBack]);
  }
  await connection.close();
  expect(verified).toEqual([[1, true, undefined]]);
});

test('ours is refused with another password, and with commands that are not for the state', async () => {
  const connection = await ImapConnection.open({ host: '127.0.0.1', port, transport: 'plain' });
  await expect(connection.logIn({ user, password: 'wrong' })).rejects.toThrow(
    'AUTHENTICATE: NO authentication failed',
  );
  await connection.logIn({ user, password });
  await expect(connection.run({ name: 'SELECT', mailbox: 'Nowhere' })).rejects.toThrow('SELECT: NO');
  await expect(connection.run({ name: 'CREATE', mailbox: '../../outside' })).rejects.toThrow('CREATE: NO');
  await connection.close();
});

const script = `
import imaplib, sys
port, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
def check(answer, wanted='OK'):
    assert answer[0] == wanted, answer
    return answer[1]
def client():
    return imaplib.IMAP4('127.0.0.1', port)
one = client()
try:
    one.login(user, 'wrong')
    raise SystemExit('a wrong password was taken')
except imaplib.IMAP4.error: pass
check(one.login(user, password))
two = client()
check(two.authenticate('PLAIN', lambda _: b'\\0' + user.encode() + b'\\0' + password.encode()))
three = client()
check(three.login_cram_md5(user, password)) if 'AUTH=CRAM-MD5' in three.capabilities else check(three.login(user, password))
assert len(check(one.list())) == 1
assert check(one.select('INBOX')) == [b'2']
assert check(one.search(None, 'SUBJECT', 'plain')) == [b'2']
# imaplib waits for "+" before each literal.
mail = b'Subject: new\\r\\n\\r\\n' + b'x' * 100000 + b'\\r\\n'
check(one.append('INBOX', '(\\\\Flagged)', imaplib.Time2Internaldate(0), mail))
check(one.noop())
one.literal = 'wörd'.encode()
assert check(one.search('UTF-8', 'TEXT')) == [b'']
assert check(one.uid('SEARCH', 'FLAGGED')) == [b'3']
assert b' 1-Jan-1970 00:00:00 +0000' in check(one.fetch('3', 'INTERNALDATE'))[0]
fetched = check(one.fetch('3', '(UID RFC822.SIZE BODY.PEEK[])'))
assert fetched[0][1] == mail, fetched
check(one.store('3', '+FLAGS', '(\\\\Deleted)'))
assert check(one.expunge()) == [b'3']
check(one.create('Box')); check(one.copy('1', 'Box')); check(one.status('Box', '(MESSAGES)'))
check(one.select('Nowhere'), 'NO')
check(two.select('Box')); check(two.store('1', '+FLAGS.SILENT', '(\\\\Deleted)')); check(two.close())
check(two.delete('Box'))
for client in one, two, three: check(client.logout(), 'BYE')
print('all done')
`;

describeProgram('python3', () => {
  test('imaplib of Python', async () => {
    const child = spawn('python3', ['-c', script, String(port), user, password]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    await new Promise((resolve) => child.on('close', resolve));
    expect(said).toBe('all done\n');
  });
});
