// The example server, and the example client.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ImapConnection } from '../../examples/imap-connection.js';
import { serveImap } from '../../examples/imap-server.js';
import { verifyMailbox } from '../../examples/imap-verify.js';
import { bytesFromLatin1 } from '../../src/core/bytes.js';
import type { ImapCommand } from '../../src/imap/command/command.js';
import { parseCertificates } from '../../src/x509/certificate/certificate.js';

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
    verified.push([message.uid, message.report!.verified, message.fellBack]);
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

test('ours uses what its extensions offer', async () => {
  const connection = await ImapConnection.open({ host: '127.0.0.1', port, transport: 'plain' });
  await connection.logIn({ user, password });
  const run = async (command: ImapCommand) => (await connection.run(command)).responses;
  expect(await run({ name: 'ENABLE', capabilities: ['UTF8=ACCEPT'] })).toEqual([
    { type: 'ENABLED', capabilities: ['UTF8=ACCEPT'] },
  ]);
  const mail = 'MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n';
  const message = { octets: bytesFromLatin1(mail), binary: true };
  await run({ name: 'CREATE', mailbox: '写真/東京' });
  const { status } = await connection.run({
    name: 'APPEND',
    mailbox: '写真/東京',
    messages: [
      { message, flags: ['\\Deleted'] },
      { message, flags: ['\\Flagged'] },
    ],
  });
  expect(status.code).toMatchObject({ code: 'APPENDUID', uids: [{ from: 1, to: 2 }] });
  expect(await run({ name: 'LIST', reference: '写真/', patterns: ['%'] })).toEqual([
    { type: 'LIST', attributes: ['\\HasNoChildren'], delimiter: '/', mailbox: '写真/東京' },
  ]);
  expect(await run({ name: 'STATUS', mailbox: '写真/東京', items: ['SIZE', 'UIDNEXT'] })).toEqual([
    { type: 'STATUS', mailbox: '写真/東京', status: { size: 2n * BigInt(mail.length), uidNext: 3 } },
  ]);

  await run({ name: 'SELECT', mailbox: '写真/東京' });
  const [fetched] = await run({
    name: 'FETCH',
    uid: true,
    set: [{ from: 2, to: 2 }],
    items: [
      { item: 'BINARY', part: [1], peek: true },
      { item: 'BINARY.SIZE', part: [1] },
    ],
  });
  expect(fetched).toMatchObject({
    number: 2,
    uid: 2,
    binary: [{ part: [1], octets: Uint8Array.of(0, 1, 2, 3) }],
    binarySize: [{ part: [1], octets: 4 }],
  });
  const found = await run({
    name: 'SEARCH',
    uid: true,
    return: ['MIN', 'MAX', 'ALL', 'COUNT'],
    keys: [{ key: 'YOUNGER', seconds: 3600 }],
  });
  expect(found).toMatchObject([
    { type: 'ESEARCH', isUid: true, min: 1, max: 2, count: 2, all: [{ from: 1, to: 2 }] },
  ]);
  const none = await run({ name: 'SEARCH', return: [], keys: [{ key: 'DRAFT' }] });
  expect(none[0]).not.toHaveProperty('all');
  const refused = { name: 'SEARCH', charset: 'X-NONE', keys: [{ key: 'TEXT', text: 'a' }] } as const;
  await expect(connection.run(refused)).rejects.toThrow('SEARCH: NO');

  // RFC 4315: only the one that is named goes, and only if it is deleted.
  await run({ name: 'UID EXPUNGE', set: [{ from: 2, to: 2 }] });
  expect(connection.client.mailbox?.exists).toBe(2);
  await run({ name: 'UID EXPUNGE', set: [{ from: 1, to: 2 }] });
  expect(connection.client.mailbox?.exists).toBe(1);
  await run({ name: 'MOVE', uid: true, set: [{ from: 1, to: '*' }], mailbox: 'INBOX' });
  expect(connection.client.mailbox?.exists).toBe(0);
  await connection.close();
});
